/** CloudEvents 1.0 in the Kafka protocol binding's binary mode: attributes in `ce_` headers, data in the value. */

/** A message in memory. Attribute names of extensions are lower-case letters and digits, as the spec asks. */
export type CloudEvent = {
  id: string;
  type: string;
  source: string;
  time: string;
  subject?: string;
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

export type ReceivedRecord = {
  topic: string;
  partition: number;
  offset: string;
  /** Milliseconds since the epoch, as the broker keeps it. */
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string>;
};

/** A message that can never be processed, however often it is tried. */
export class Poison extends Error {
  override name = 'Poison';
}

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
  if (event.traceparent !== undefined) headers.traceparent = event.traceparent;
  for (const name in event.extensions) headers[`ce_${name}`] = event.extensions[name] as string;
  return { topic, key, value: JSON.stringify(event.data), headers };
}

/** @throws Poison when the record is no CloudEvent with JSON data. */
export function decode(record: ReceivedRecord): CloudEvent {
  const header = (name: string): string | undefined => record.headers[name]?.toString();
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
  const traceparent = header('traceparent');
  if (traceparent !== undefined) event.traceparent = traceparent;
  for (const name of Object.keys(record.headers)) {
    if (name.startsWith('ce_') && !coreAttributes.has(name))
      event.extensions[name.slice(3)] = header(name) as string;
  }
  return event;
}

const coreAttributes = new Set(['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject']);

function parse(value: Buffer | null): unknown {
  if (value === null) throw new Poison('no data');
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    throw new Poison('data is not JSON');
  }
}
