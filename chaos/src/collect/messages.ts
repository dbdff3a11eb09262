import { commandsByType, eventsByType, webhookEvents } from '@holdfast/shared/contracts/catalogue';
import type { DomainEvent } from '@holdfast/shared/contracts/define';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { commandDecoder, eventDecoder, replyDecoder } from '@holdfast/shared/messaging/protocol';
import {
  commandsTopic,
  deadLetterTopic,
  repliesTopic,
  sourceTopics,
} from '@holdfast/shared/messaging/topics';
import {
  type CommandSeen,
  type DeadLetter,
  type EventSeen,
  type Messages,
  nameOf,
  type Participant,
  type Place,
  type ReplySeen,
} from '../facts.ts';
import { letterOf, rawDigest } from './dead-letters.ts';
import { payloadDigest } from './digest.ts';
import { collectOffsets } from './offsets.ts';
import { readTopics } from './read-topics.ts';

/**
 * Reads every topic, and keeps of each message how often it was there and whether it was always the same. The decoders
 * are those of the contracts: what they can't read is poison.
 */
export async function collectMessages(kafka: {
  brokers: readonly string[];
  prefix: string;
}): Promise<Messages> {
  const offsets = await collectOffsets(kafka);
  const letters: (DeadLetter & { digest: string })[] = [];
  await readTopics({ ...kafka, topics: sourceTopics.map(deadLetterTopic) }, (record) =>
    letters.push(letterOf(record)),
  );
  const seen = watch(new Set(letters.flatMap(({ source }) => (source ? [nameOf(source)] : []))));
  await readTopics({ ...kafka, topics: sourceTopics }, seen.record);
  return { ...seen.messages(letters), offsets };
}

/** Folds records into what is known of the messages. */
export function watch(buried: ReadonlySet<string>) {
  const commands: Record<Participant, Map<string, CommandSeen>> = {
    reservation: new Map(),
    payment: new Map(),
    balance: new Map(),
    token: new Map(),
  };
  const replies = new Map<string, ReplySeen>();
  const events = new Map<string, EventSeen>();
  const poison: { at: Place; why: string }[] = [];
  const digests = new Map<string, string>();
  const deadLettered = new Set<string>();
  const topics = new Map(sourceTopics.map((topic) => [topic, { topic, records: 0, copies: 0 }]));

  /** Counts a record of a message, and compares what it says, unless that may change. */
  function count<Message extends CommandSeen | ReplySeen | EventSeen>(
    messages: Map<string, Message>,
    { topic, timestamp }: ReceivedRecord,
    { id, data }: { id: string; data: unknown },
    first: () => Omit<Message, 'copies' | 'differs' | 'at' | 'payload'>,
  ): void {
    const at = Number(timestamp);
    const digest = data === undefined ? undefined : payloadDigest(data);
    const known = messages.get(id);
    if (known) {
      known.copies++;
      known.at = Math.min(known.at, at);
      (topics.get(topic) as { copies: number }).copies++;
      known.payload ??= digest;
      if (digest !== undefined && digest !== known.payload) known.differs = true;
    } else messages.set(id, { ...first(), copies: 1, differs: false, at, payload: digest } as Message);
  }

  const decoders = new Map<string, (record: ReceivedRecord) => void>();
  for (const service of Object.keys(commands) as Participant[]) {
    const decodeCommand = commandDecoder(
      service,
      [...commandsByType.values()].filter((command) => command.service === service),
    );
    decoders.set(commandsTopic(service), (record) => {
      const command = decodeCommand(record);
      if ('floor' in command) return;
      const { type, sagaNo, oneWay = false, fault, id, payload: data } = command;
      const silent = fault !== undefined && !fault.startsWith('crash');
      count(commands[service], record, { id, data }, () => ({ type, sagaNo, oneWay, fault: silent }));
    });
  }
  const decodeReply = replyDecoder([...commandsByType.values()]);
  decoders.set(repliesTopic, (record) => {
    const { type, sagaId, step, action, reply } = decodeReply(record);
    const id = `${sagaId}/${step}/${action}`;
    // A read answers anew each time, and so does whoever has forgotten the saga, or was told to fail.
    const passing = reads.has(type) || (reply.outcome === 'refused' && forgetful.has(reply.code));
    count(replies, record, { id, data: passing ? undefined : reply }, () => ({ type, sagaId, step, action }));
  });

  const decodeTold = eventDecoder(webhookEvents);
  const decodeEvent = eventDecoder([...eventsByType.values()]);
  function noteEvent(record: ReceivedRecord): void {
    // Poison is what the one subscriber that we have can't read; the rest is nobody's, unless it can be read.
    decodeTold(record);
    const event = readable(() => decodeEvent(record));
    if (!event) return;
    const { id, type, data } = event;
    const contract = eventsByType.get(type) as DomainEvent;
    const body = data as Record<string, string>;
    const about = body[aboutOf[contract.service]] as string;
    count(events, record, { id, data }, () => ({ type, about, reason: body.reason }));
  }

  return {
    record: (record: ReceivedRecord): void => {
      const { topic, partition, offset } = record;
      const at = { topic, partition, offset };
      (topics.get(topic) as { records: number }).records++;
      const letter = buried.size > 0 && buried.has(nameOf(at));
      if (letter) digests.set(nameOf(at), rawDigest(record, Object.entries(record.headers)));
      try {
        (decoders.get(topic) ?? noteEvent)(record);
        if (letter) deadLettered.add(String(record.headers.ce_id));
      } catch (error) {
        poison.push({ at, why: (error as Error).message });
      }
    },
    messages: (letters: readonly (DeadLetter & { digest: string })[]): Omit<Messages, 'offsets'> => ({
      commands,
      replies,
      events,
      poison,
      deadLetters: letters.map(({ digest, ...letter }) => {
        const source = letter.source && digests.get(nameOf(letter.source));
        return { ...letter, faithful: source === undefined ? undefined : source === digest };
      }),
      deadLettered,
      topics: [...topics.values()],
    }),
  };
}

function readable<Message>(decode: () => Message): Message | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** Commands that only read: they leave no inbox row. */
export const reads: ReadonlySet<string> = new Set([
  'reservation.load-seat',
  'balance.load-user',
  'balance.load',
]);

/** Refusals that aren't the answer for good: an inbox that has forgotten, a failure on demand. */
const forgetful: ReadonlySet<string> = new Set(['outdated', 'fault-injected']);

/** The property of an event's data that says what it is about. */
const aboutOf: Readonly<Record<Participant, string>> = {
  reservation: 'reservationId',
  payment: 'paymentId',
  balance: 'entryId',
  token: 'tokenId',
};
