import { isTraceparent } from '../http/traceparent.ts';

/** CloudEvents 1.0 in the Kafka protocol binding's binary mode: attributes in `ce_` headers, data in the value. */

/** A message in memory. Attribute names of extensions are lower-case letters and digits, as the spec asks. */
export type CloudEvent = {
  id: string;
  type: string;
  source: string;
  time: string;
  subject?: string;
  /** Names the schema of the data, and its version: another URI where the two don't go together. */
  dataschema?: string;
  /** W3C Trace Context. */
  traceparent?: string;
  extensions: Record<string, string>;
  data: unknown;
};

export type OutgoingRecord = {
  topic: string;
  key: string;
  value: Buffer | string | null;
  headers: Record<string, Buffer | string>;
};

/** Any record that Kafka takes: a dead letter is as its source was. */
export type RawRecord = {
  topic: string;
  key: Buffer | string | null;
  value: Buffer | string | null;
  /** A list where a name comes several times. */
  headers: Record<string, Buffer | string | (Buffer | string)[]>;
};

export type ReceivedRecord = {
  topic: string;
  partition: number;
  offset: string;
  /** Milliseconds since the epoch, as the broker keeps it. */
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  /** Null is a header without a value. */
  headers: Record<string, Buffer | string | null | (Buffer | null)[]>;
};

/** A message that can never be processed, however often it is tried. */
export class Poison extends Error {
  override name = 'Poison';

  constructor(message: string) {
    // It quotes what came, which may be a megabyte.
    super(message.slice(0, 500));
  }
}

/**
 * The most data that a message may have, in bytes. Ours have some hundred: what is made of one, and stored and sent on
 * with others', then never outgrows what a topic takes.
 */
export const maxDataBytes = 64 * 1024;

const jsonType = 'application/json; charset=utf-8';

export function encode(topic: string, key: string, event: CloudEvent): OutgoingRecord {
  const headers: Record<string, string> = {
    'content-type': jsonType,
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_time: event.time,
  };
  if (event.subject !== undefined) headers.ce_subject = event.subject;
  if (event.dataschema !== undefined) headers.ce_dataschema = event.dataschema;
  if (event.traceparent !== undefined) headers.traceparent = event.traceparent;
  for (const name in event.extensions) headers[`ce_${name}`] = event.extensions[name] as string;
  return { topic, key, value: JSON.stringify(event.data), headers };
}

/** @throws Poison when the record is no CloudEvent with JSON data. */
export function decode(record: ReceivedRecord): CloudEvent {
  const header = (name: string): string | undefined => {
    const value = Object.hasOwn(record.headers, name) ? record.headers[name] : undefined;
    if (Array.isArray(value)) throw new Poison(`header ${name} comes several times`);
    const text = value?.toString();
    if (text !== undefined && /\p{Cc}/u.test(text)) throw new Poison(`header ${name} has control characters`);
    return text;
  };
  const required = (name: string): string => {
    const value = header(name);
    if (!value) throw new Poison(`header ${name} is missing`);
    return value;
  };

  if (required('ce_specversion') !== '1.0') throw new Poison('ce_specversion is not 1.0');
  const contentType = required('content-type');
  if (!/^application\/json\s*(;|$)/i.test(contentType))
    throw new Poison('content-type is not application/json');

  const event: CloudEvent = {
    id: required('ce_id'),
    type: required('ce_type'),
    source: required('ce_source'),
    time: required('ce_time'),
    extensions: {},
    data: parse(record.value),
  };
  const subject = header('ce_subject');
  if (subject !== undefined) event.subject = subject;
  const dataschema = header('ce_dataschema');
  if (dataschema !== undefined) event.dataschema = dataschema;
  // Whoever carries messages on may have added one of their own.
  const traceparent = [record.headers.traceparent].flat()[0]?.toString();
  if (isTraceparent(traceparent)) event.traceparent = traceparent;
  for (const name of Object.keys(record.headers)) {
    const value = name.startsWith('ce_') && !coreAttributes.has(name) ? header(name) : undefined;
    if (value !== undefined) event.extensions[name.slice(3)] = value;
  }
  return event;
}

const coreAttributes = new Set([
  'ce_specversion',
  'ce_id',
  'ce_type',
  'ce_source',
  'ce_time',
  'ce_subject',
  'ce_dataschema',
]);

function parse(value: Buffer | null): unknown {
  if (value === null) throw new Poison('no data');
  if (value.length > maxDataBytes) throw new Poison(`${value.length} bytes of data are too many`);
  const text = value.toString('utf8');
  try {
    return JSON.parse(text, mayBeUnstorable.test(text) ? storable : undefined);
  } catch (error) {
    throw error instanceof Poison ? error : new Poison('data is not JSON');
  }
}

const mayBeUnstorable = /\\u(0000|d[89a-f])/i;

/** Among what is written together, one text that Postgres doesn't take would hold up all the others. */
function storable(name: string, value: unknown): unknown {
  for (const text of [name, value])
    if (typeof text === 'string' && /[\0\p{Cs}]/u.test(text))
      throw new Poison('data has text that Postgres cannot store');
  return value;
}
