import { createHash } from 'node:crypto';
import { Action } from '@holdfast/shared/contracts/protocol';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { sourceTopics } from '@holdfast/shared/messaging/topics';
import { validate as isUuid } from 'uuid';

/** What the headers of a dead letter say of it. */
export type NewLetter = {
  topic: string;
  partition: number;
  offset: number;
  producedAt: Date;
  dlqTopic: string;
  dlqPartition: number;
  dlqOffset: number;
  consumerGroup: string;
  key: string | null;
  messageId: string | null;
  type: string | null;
  sagaId: string | null;
  step: string | null;
  action: string | null;
  errorClass: string;
  errorMessage: string;
  stackHash: string;
  errorGroup: string;
  attempts: number;
  firstFailure: Date;
  lastFailure: Date;
  /** How often it was sent again. */
  replays: number;
  /** The letter that this one comes from. */
  predecessor: number | null;
  recordKey: Buffer | null;
  recordValue: Buffer | null;
  /** JSON: the message's own headers, base64. */
  recordHeaders: string;
};

/** Added to a message that is sent again: which letter it was, and how many times that has been done. */
export const replayHeaders = {
  letter: 'dlq_letter',
  replaces: 'dlq_replaces',
  replays: 'dlq_replays',
} as const;

/** The headers that the message came with; what was added on the way to the dead letters, or back, is left out. */
export const ownHeaders = (headers: ReceivedRecord['headers']): ReceivedRecord['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq_')));

/**
 * Reads a dead letter, whatever is in it: anybody can write to a topic, and what can't be read must still be seen. What
 * isn't in the headers, or isn't fit for Postgres, is taken from the record itself.
 */
export function readLetter(record: ReceivedRecord): NewLetter {
  const header = (name: string, maxLength: number): string | null => {
    const value = [record.headers[name]].flat()[0];
    return value === undefined || value === null ? null : fit(value.toString(), maxLength);
  };
  const number = (name: string, digits: number): number | undefined => {
    const text = header(name, 20) ?? '';
    return text.length <= digits && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const writtenAt = dateOf(Number(record.timestamp)) ?? new Date();
  const moment = (name: string): Date => dateOf(Date.parse(header(name, 40) ?? '')) ?? writtenAt;

  // It is where a replay will send it: nowhere but to a topic of ours.
  const origin = header('dlq_topic', 249) ?? '';
  const topic = sourceTopics.includes(origin) ? origin : record.topic.replace(/\.dlq$/, '');
  const consumerGroup = header('dlq_group', 255) ?? '';
  const errorClass = header('dlq_error_class', 255) ?? 'unknown';
  const stackHash = header('dlq_stack_hash', 64) ?? '';
  const sagaId = header('ce_sagaid', 36);
  const action = header('ce_sagaaction', 10);
  return {
    topic,
    partition: number('dlq_partition', 9) ?? record.partition,
    offset: number('dlq_offset', 15) ?? Number(record.offset),
    producedAt: dateOf(number('dlq_timestamp', 15) ?? Number.NaN) ?? writtenAt,
    dlqTopic: record.topic,
    dlqPartition: record.partition,
    dlqOffset: Number(record.offset),
    consumerGroup,
    key: record.key === null ? null : fit(record.key.toString(), 500),
    messageId: header('ce_id', 500),
    type: header('ce_type', 255),
    sagaId: sagaId !== null && isUuid(sagaId) ? sagaId.toLowerCase() : null,
    step: header('ce_sagastep', 64),
    action: action !== null && Action.enum.includes(action as Action) ? action : null,
    errorClass,
    errorMessage: header('dlq_error_message', 1_000) ?? '',
    stackHash,
    errorGroup: errorGroupOf(topic, consumerGroup, errorClass, stackHash),
    attempts: number('dlq_attempts', 9) ?? 1,
    firstFailure: moment('dlq_first_failure'),
    lastFailure: moment('dlq_last_failure'),
    replays: number(replayHeaders.replays, 6) ?? 0,
    predecessor: number(replayHeaders.letter, 15) ?? number(replayHeaders.replaces, 15) ?? null,
    recordKey: record.key,
    recordValue: record.value,
    recordHeaders: packHeaders(ownHeaders(record.headers)),
  };
}

const errorGroupOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);

/** Postgres keeps neither a NUL nor half a surrogate pair in a text. */
const fit = (text: string, maxLength: number): string =>
  Buffer.from(text.slice(0, maxLength)).toString().replaceAll('\u0000', '\ufffd');

/** Within what both JavaScript and Postgres can write. */
function dateOf(ms: number): Date | undefined {
  return ms >= 0 && ms < Date.UTC(9999, 0) ? new Date(ms) : undefined;
}

/** A header may come several times: then kafkajs gives an array. One without a value it can't send, only an empty one. */
type Packed = Record<string, string | string[]>;

export const packHeaders = (headers: ReceivedRecord['headers']): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, mapValues(value, toBase64)])),
  );

export const unpackHeaders = (packed: Packed): Record<string, Buffer | Buffer[]> =>
  Object.fromEntries(Object.entries(packed).map(([name, value]) => [name, mapValues(value, fromBase64)]));

const toBase64 = (value: Buffer | string | null): string =>
  Buffer.from((value ?? '') as Buffer).toString('base64');
const fromBase64 = (value: string): Buffer => Buffer.from(value, 'base64');

const mapValues = <From, To>(value: From | From[], map: (one: From) => To): To | To[] =>
  Array.isArray(value) ? value.map(map) : map(value);
