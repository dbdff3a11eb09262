import { catalogue } from '@holdfast/shared/contracts/catalogue';
import type { ParticipantName } from '@holdfast/shared/contracts/define';
import type { Commands, CommandVerdict } from '@holdfast/shared/contracts/operations';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import type { Database } from '@holdfast/shared/database/query';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import {
  commandDecoder,
  eventDecoder,
  type ReceivedReply,
  replyDecoder,
} from '@holdfast/shared/messaging/protocol';
import { commandsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import { loadSagas } from '../../runner/rows.ts';
import type { StoredSaga } from '../../runner/store.ts';
import { commands } from '../../sagas/definitions.ts';
import type { Caller, Participants } from '../participants.ts';
import { unpackHeaders } from './read-letter.ts';
import type { RecordRow } from './rows.ts';
import type { Judgement } from './shapes.ts';
import { judgeCommand, judgeReply } from './verdict.ts';

/** What a replay of each of these letters would do now: by what the participants' inboxes and the sagas' rows say. */

type Letter = RecordRow & { letter_id: number; topic: string };

export type Judge = (letters: readonly Letter[], caller: Caller) => Promise<Map<number, Judgement>>;

type Readable =
  | { kind: 'command'; service: ParticipantName; command: CommandMessage }
  | { kind: 'reply'; reply: ReceivedReply }
  | { kind: 'event' | 'floor' };

/** As many as a participant is asked of at once. */
const batchSize = 200;

export const letterJudge =
  ({ db, participants }: { db: Database; participants: Participants }): Judge =>
  async (letters, caller) => {
    const judgements = new Map<number, Judgement>();
    const readable = new Map<number, Readable>();
    for (const letter of letters) {
      try {
        readable.set(letter.letter_id, read(recordOf(letter)));
      } catch (error) {
        const explanation = `Nobody can read it: ${(error as Error).message}`;
        judgements.set(letter.letter_id, { verdict: 'unreadable', explanation });
      }
    }
    const [sagas, verdicts] = await Promise.all([
      sagasOf(db, [...readable.values()]),
      verdictsOf(participants, [...readable.values()], caller),
    ]);
    for (const [letterId, message] of readable) judgements.set(letterId, judge(message, sagas, verdicts));
    return judgements;
  };

function judge(
  message: Readable,
  sagas: ReadonlyMap<string, StoredSaga>,
  verdicts: ReadonlyMap<string, CommandVerdict>,
): Judgement {
  switch (message.kind) {
    case 'event':
      return {
        verdict: 'will-run',
        explanation: 'It is delivered again, to all who subscribe to its topic.',
      };
    case 'floor':
      return {
        verdict: 'will-run',
        explanation: 'It tells which sagas have ended; a newer one does as well.',
      };
    case 'reply':
      return judgeReply(message.reply, sagas.get(message.reply.sagaId));
    case 'command': {
      const { command } = message;
      return judgeCommand(command, verdicts.get(command.id), sagas.get(command.sagaId));
    }
  }
}

const decoders = new Map<string, (record: ReceivedRecord) => Readable>([
  ...catalogue.map(({ service, commands }) => {
    const decodeCommand = commandDecoder(service, commands);
    const read = (record: ReceivedRecord): Readable => {
      const command = decodeCommand(record);
      return 'floor' in command ? { kind: 'floor' } : { kind: 'command', service, command };
    };
    return [commandsTopic(service), read] as const;
  }),
  [repliesTopic, (record) => ({ kind: 'reply', reply: replyDecoder(commands)(record) })],
]);

const anyEvent = eventDecoder(catalogue.flatMap(({ events }) => events));

/** @throws Poison where those who read its topic would throw it too */
export function read(record: ReceivedRecord): Readable {
  const decoder = decoders.get(record.topic);
  if (decoder) return decoder(record);
  anyEvent(record);
  return { kind: 'event' };
}

/** The message as it would come from its topic. */
export const recordOf = (letter: RecordRow & { topic: string }): ReceivedRecord => ({
  topic: letter.topic,
  partition: 0,
  offset: '0',
  timestamp: '0',
  key: letter.record_key,
  value: letter.record_value,
  headers: unpackHeaders(letter.record_headers),
});

const sagasOf = (db: Database, messages: readonly Readable[]): Promise<Map<string, StoredSaga>> =>
  loadSagas(db, [
    ...new Set(
      messages.flatMap((message) =>
        message.kind === 'command'
          ? [message.command.sagaId]
          : message.kind === 'reply'
            ? [message.reply.sagaId]
            : [],
      ),
    ),
  ]);

/** By the command's id; without those of participants that don't answer. */
async function verdictsOf(
  participants: Participants,
  messages: readonly Readable[],
  caller: Caller,
): Promise<Map<string, CommandVerdict>> {
  const asked = new Map<ParticipantName, Commands>();
  for (const message of messages) {
    if (message.kind !== 'command') continue;
    const { id, sagaNo, oneWay = false } = message.command;
    const ofService = asked.get(message.service) ?? [];
    asked.set(message.service, [...ofService, { id, sagaNo, oneWay }]);
  }
  const verdicts = new Map<string, CommandVerdict>();
  await Promise.all(
    [...asked].map(async ([service, all]) => {
      for (let at = 0; at < all.length; at += batchSize) {
        const some = all.slice(at, at + batchSize);
        const answers = await participants.verdicts(service, some, caller).catch(() => []);
        for (const [i, verdict] of answers.entries()) verdicts.set(some[i]?.id ?? '', verdict);
      }
    }),
  );
  return verdicts;
}
