import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { deadLetter } from '@holdfast/shared/messaging/dead-letter';
import { describe, expect, it } from '@jest/globals';
import { letterOf, rawDigest } from './dead-letters.ts';
import { payloadDigest } from './digest.ts';

const source: ReceivedRecord = {
  topic: 'balance.commands',
  partition: 2,
  offset: '41',
  timestamp: '1790000000000',
  key: Buffer.from('key'),
  value: Buffer.from([0xff, 0x00, 0x7b]),
  headers: { ce_id: Buffer.from('1'), other: Buffer.from([0xff]) },
};

/** As Kafka would give it back. */
function buried(record: ReceivedRecord): ReceivedRecord {
  const at = new Date();
  const letter = deadLetter(record, {
    error: new TypeError('no'),
    attempts: 1,
    firstFailure: at,
    lastFailure: at,
    group: 'balance',
  });
  return {
    ...record,
    topic: letter.topic,
    partition: 0,
    offset: '7',
    value: letter.value as Buffer | null,
    headers: Object.fromEntries(
      Object.entries(letter.headers).map(([name, value]) => [name, Buffer.from(value as Buffer | string)]),
    ),
  };
}

const digestOf = (record: ReceivedRecord): string => rawDigest(record, Object.entries(record.headers));

describe('a dead letter', () => {
  it('names its source and its cause, and carries the same bytes', () => {
    expect(letterOf(buried(source))).toMatchObject({
      source: { topic: 'balance.commands', partition: 2, offset: '41' },
      group: 'balance',
      errorClass: 'TypeError',
      error: 'no',
      digest: digestOf(source),
    });
  });

  it.each<[string, Partial<ReceivedRecord>]>([
    ['key', { key: null }],
    ['value', { value: Buffer.from([0xff, 0x00]) }],
    ['headers', { headers: { ce_id: Buffer.from('1') } }],
  ])('is seen to differ in its %s', (_, changes) => {
    expect(letterOf(buried({ ...source, ...changes })).digest).not.toBe(digestOf(source));
  });

  it('without a source says so', () => {
    expect(letterOf(source).source).toBe(undefined);
  });
});

describe('the digest of a payload', () => {
  it('is the same in whatever order its members come', () => {
    const one = payloadDigest({ price: { amount: 7, currency: 'KRW' }, userId: 'a' });
    expect(payloadDigest({ userId: 'a', price: { currency: 'KRW', amount: 7 } })).toBe(one);
    expect(payloadDigest({ userId: 'a', price: { currency: 'KRW', amount: 8 } })).not.toBe(one);
  });
});
