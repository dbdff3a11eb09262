import { isDeepStrictEqual } from 'node:util';
import { commandsByType, eventsByType } from '@holdfast/shared/contracts/catalogue';
import type { Command, DomainEvent } from '@holdfast/shared/contracts/define';
import { type Problem, problem } from '@holdfast/shared/http/problems';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import { commandsTopic, eventsTopic } from '@holdfast/shared/messaging/topics';
import type { TSchema } from 'typebox';
import Compile from 'typebox/compile';
import { commandOf } from '../../runner/messages.ts';
import type { StoredSaga } from '../../runner/store.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import { read } from './judge.ts';
import type { WholeLetter } from './list.ts';
import { replayHeaders, unpackHeaders } from './read-letter.ts';

/**
 * Another payload in a letter's place.
 *
 * A command keeps its id, which is its saga's, step's and action's: whichever of the two comes first runs, the other is
 * a duplicate, and a tombstone holds for both. An event says something else than the one that it replaces, so it gets
 * an id of its own, the same each time.
 */

type Contract = { kind: 'command' | 'event'; schema: TSchema; key: string };

export type Editable = { contract: Contract; expected?: unknown };

/** What an edit of this letter has to fit, or why it can't be edited. */
export function editableOf(
  letter: Pick<WholeLetter, 'topic' | 'type' | 'step' | 'action'>,
  saga: StoredSaga | undefined,
): Editable | { because: string } {
  const contract = contractOf(letter);
  if (!contract)
    return {
      because:
        letter.topic === 'saga.replies'
          ? 'A reply is what a participant found: to have it said again, retry the saga, or replay its command.'
          : `Nothing on ${letter.topic} is of the type ${letter.type ?? '(none)'}.`,
    };
  if (contract.kind === 'event' || !saga) return { contract };
  const step = definitionOf(saga).steps.find(({ name }) => name === letter.step);
  if (step && letter.action !== null && (letter.action === 'do' || step.undo)) {
    const { command, payload } = commandOf(saga, { step, action: letter.action });
    if (command.type === letter.type && Object.values(payload).every((value) => value !== undefined))
      return { contract, expected: payload };
  }
  const after = definitionOf(saga).afterCommit.find((one) => 'command' in one && one.name === letter.step);
  if (after && 'command' in after) return { contract, expected: after.send(saga.context) };
  return { because: `The saga has not come to ${letter.step ?? 'such a step'}: it would not send this.` };
}

function contractOf({ topic, type }: Pick<WholeLetter, 'topic' | 'type'>): Contract | undefined {
  const contract: Command | DomainEvent | undefined =
    commandsByType.get(type ?? '') ?? eventsByType.get(type ?? '');
  if (contract?.kind === 'command' && commandsTopic(contract.service) === topic)
    return { kind: 'command', schema: contract.payload, key: contract.key };
  if (contract?.kind === 'event' && eventsTopic(contract.service) === topic)
    return { kind: 'event', schema: contract.data, key: contract.key };
  return undefined;
}

/**
 * The message to send in the letter's place.
 *
 * @throws Problem `validation`, `letter-not-editable`, `edit-contradicts-saga`
 */
export function editedRecord(
  letter: WholeLetter,
  payload: unknown,
  { contract, expected }: Editable,
): RawRecord {
  const complaints = Compile(contract.schema)
    .Errors(payload)
    .slice(0, 20)
    .map(({ instancePath, message }) => ({ path: `/body/payload${instancePath}`, message }));
  const [first] = complaints;
  if (first) throw problem('validation', `${first.path} ${first.message}`, { extra: { errors: complaints } });

  const key = String((payload as Record<string, unknown>)[contract.key]);
  if (letter.record_key !== null && key !== letter.record_key.toString())
    throw problem(
      'validation',
      `/body/payload/${contract.key} has to stay as it is: it is the message's key.`,
    );
  if (expected !== undefined && !isDeepStrictEqual(payload, expected)) throw contradiction(expected);

  const headers = unpackHeaders(letter.record_headers);
  if (contract.kind === 'event')
    headers.ce_id = Buffer.from(`${letter.message_id}/edited-${letter.letter_id}`);
  headers[replayHeaders.replaces] = Buffer.from(String(letter.letter_id));
  headers[replayHeaders.replays] = Buffer.from(String(letter.replays + 1));
  const value = Buffer.from(JSON.stringify(payload));
  try {
    read({
      topic: letter.topic,
      partition: 0,
      offset: '0',
      timestamp: '0',
      key: Buffer.from(key),
      value,
      headers,
    });
  } catch (error) {
    throw problem('letter-not-editable', `Its headers cannot be read: ${(error as Error).message}`);
  }
  return { topic: letter.topic, key, value, headers };
}

/** What a saga does later, and undoes, follows from its own row: a command that says otherwise would part the two. */
const contradiction = (expected: unknown): Problem =>
  problem('edit-contradicts-saga', 'The payload has to be what the saga itself would send.', {
    extra: { expected },
  });
