import type { LetterDetail } from '@holdfast/ops-client/types';
import { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { action } from '../command.ts';
import { fields } from '../output/columns.ts';
import { ago } from '../output/text.ts';

/** `holdfast dlq show <letter>`. */
export const showCommand = (): Command =>
  new Command('show')
    .description('A letter: where it lay, why it is here, what it says, and what a replay would do')
    .argument('<letter>', 'its number', wholeNumber)
    .action(
      action(async ({ api, json, say, paint }, letterId: number) => {
        const letter = await api.getLetter(letterId);
        if (json) {
          say(JSON.stringify(letter));
          return 0;
        }
        const lines = [
          ...aboutLetter(letter),
          '',
          paint.bold(`A replay now: ${letter.judgement.verdict}`),
          letter.judgement.explanation,
          '',
          paint.bold(`Headers`),
          ...fields(Object.entries(letter.headers)),
          '',
          paint.bold(`Payload (${letter.encoding}, ${letter.bytes} bytes)`),
          ...shown(letter.payload),
          '',
          ...whatToDo(letter),
        ];
        for (const line of lines) say(line);
        return 0;
      }),
    );

const aboutLetter = (letter: LetterDetail): string[] =>
  fields([
    ['letter', `${letter.letterId}, ${letter.status}`],
    ['topic', `${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`],
    ['produced', `${letter.producedAt} (${ago(letter.producedAt)} ago)`],
    ['key', letter.key],
    ['type', letter.type],
    ['id', letter.messageId],
    ['saga', letter.sagaId && `${letter.sagaId}, ${letter.step ?? ''} ${letter.action ?? ''}`.trim()],
    ['given up by', `${letter.consumerGroup}, after ${letter.attempts} attempts`],
    ['error', `${letter.error.class}: ${letter.error.message}`],
    ['group', letter.errorGroup],
    ['failed', `${letter.firstFailure} to ${letter.lastFailure}`],
    ['replays', String(letter.replays)],
    ['comes from', letter.predecessor?.toString()],
    ['failed again', letter.successor === undefined ? undefined : `as letter ${letter.successor}`],
    [
      'closed',
      letter.closedAt &&
        `${letter.closedAt} by ${letter.closedBy?.name ?? letter.closedBy?.operatorId ?? '?'}`,
    ],
    ['because', letter.closedReason],
  ]);

const shown = (payload: unknown): string[] => {
  if (payload === undefined) return ['(none)'];
  return (typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)).split('\n');
};

function whatToDo({ letterId, status, editable, notEditableBecause }: LetterDetail): string[] {
  if (status === 'QUEUED') return ['A replay is about to send it.'];
  return [
    `npx holdfast dlq replay ${letterId}`,
    editable
      ? `npx holdfast dlq edit ${letterId}`
      : `It can't be edited: ${notEditableBecause ?? 'see its schema'}`,
    `npx holdfast dlq discard ${letterId} --reason '…'`,
  ];
}
