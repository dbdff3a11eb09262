import { createHash } from 'node:crypto';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import type { DeadLetter, Place } from '../facts.ts';

/** A dead letter as it says of itself, and the digest of what it carries. */
export function letterOf(record: ReceivedRecord): DeadLetter & { digest: string } {
  const { topic, partition, offset, headers } = record;
  const header = (name: string): string => headers[`dlq_${name}`]?.toString() ?? '';
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('dlq_'));
  return {
    at: { topic, partition, offset },
    source: sourceIn(header),
    group: header('group'),
    errorClass: header('error_class'),
    error: header('error_message'),
    faithful: undefined,
    digest: rawDigest(record, own),
  };
}

function sourceIn(header: (name: string) => string): Place | undefined {
  const [topic, partition, offset] = [header('topic'), header('partition'), header('offset')];
  if (topic === '' || partition === '' || offset === '') return undefined;
  return { topic, partition: Number(partition), offset };
}

/** Of a record's bytes: key, value and headers, of which one may come several times, or without a value. */
export function rawDigest({ key, value }: Pick<ReceivedRecord, 'key' | 'value'>, headers: Headers): string {
  const hash = createHash('sha256');
  const part = (bytes: Buffer | string | null) =>
    hash.update(`${bytes === null ? -1 : Buffer.byteLength(bytes)}:`).update(bytes ?? '');
  part(key);
  part(value);
  for (const [name, content] of [...headers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    part(name);
    for (const one of Array.isArray(content) ? content : [content]) part(one);
  }
  return hash.digest('base64');
}

type Headers = readonly (readonly [string, ReceivedRecord['headers'][string] | null])[];
