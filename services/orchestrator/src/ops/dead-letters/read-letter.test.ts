import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { deadLetter } from '@holdfast/shared/messaging/dead-letter';
import { describe, expect, test } from '@jest/globals';
import { ownHeaders, packHeaders, readLetter, unpackHeaders } from './read-letter.ts';

const sagaId = '018f3a2b-0000-7000-8000-000000000001';
const original: ReceivedRecord = {
  topic: 'balance.commands',
  partition: 3,
  offset: '42',
  timestamp: '1700000000000',
  key: Buffer.from('user'),
  value: Buffer.from('{"a":1}'),
  headers: {
    ce_id: `${sagaId}/deduct-balance/do`,
    ce_type: 'balance.deduct',
    ce_sagaid: sagaId.toUpperCase(),
    ce_sagastep: 'deduct-balance',
    ce_sagaaction: 'do',
    traceparent: '00-trace',
  },
};

/** As it comes from the dead-letter topic. */
const lettered = (record = original, error = new Error('no')): ReceivedRecord => ({
  ...(deadLetter(record, {
    error,
    attempts: 5,
    firstFailure: new Date('2026-01-01T00:00:00Z'),
    lastFailure: new Date('2026-01-01T00:00:01Z'),
    group: 'balance',
  }) as unknown as ReceivedRecord),
  partition: 0,
  offset: '7',
  timestamp: '1700000005000',
});

test('what the service wrote into the headers is read from them', () => {
  expect(readLetter(lettered())).toMatchObject({
    topic: 'balance.commands',
    partition: 3,
    offset: 42,
    producedAt: new Date(1_700_000_000_000),
    dlqTopic: 'balance.commands.dlq',
    dlqPartition: 0,
    dlqOffset: 7,
    consumerGroup: 'balance',
    key: 'user',
    type: 'balance.deduct',
    sagaId,
    step: 'deduct-balance',
    action: 'do',
    errorClass: 'Error',
    errorMessage: 'no',
    attempts: 5,
    firstFailure: new Date('2026-01-01T00:00:00Z'),
    lastFailure: new Date('2026-01-01T00:00:01Z'),
    replays: 0,
    predecessor: null,
  });
});

test('letters of one cause are one group, whatever their messages', () => {
  const error = (message: string): Error =>
    Object.assign(new Error(message), { stack: 'Error\n    at here' });
  const groups = ['one', 'two'].map((text) => readLetter(lettered(original, error(text))).errorGroup);
  expect(new Set(groups).size).toBe(1);
  const elsewhere = { ...original, topic: 'payment.commands' };
  expect(readLetter(lettered(elsewhere, error('one'))).errorGroup).not.toBe(groups[0]);
});

test('one that was replayed says from which letter it comes; the message’s own headers stay as they were', () => {
  const again = lettered({
    ...original,
    headers: { ...original.headers, dlq_letter: '12', dlq_replays: '2' },
  });
  const letter = readLetter(again);
  expect(letter).toMatchObject({ predecessor: 12, replays: 2 });
  expect(ownHeaders(again.headers)).toEqual(original.headers);
});

describe('what is not in order is still seen', () => {
  const bare = (headers: ReceivedRecord['headers']): ReceivedRecord => ({
    ...original,
    topic: 'balance.commands.dlq',
    headers,
  });

  test.each<[string, ReceivedRecord['headers']]>([
    ['no headers at all', {}],
    [
      'numbers that are none',
      { dlq_partition: 'x', dlq_offset: '-1', dlq_timestamp: '1e99', dlq_attempts: '9'.repeat(30) },
    ],
    ['moments out of this world', { dlq_first_failure: '+275760-09-13', dlq_last_failure: 'never' }],
    ['a topic that is not ours', { dlq_topic: 'somebody.elses' }],
  ])('%s', (_, headers) => {
    expect(readLetter(bare(headers))).toMatchObject({
      topic: 'balance.commands',
      partition: 3,
      offset: 42,
      producedAt: new Date(1_700_000_000_000),
      firstFailure: new Date(1_700_000_000_000),
      lastFailure: new Date(1_700_000_000_000),
      attempts: 1,
      sagaId: null,
      action: null,
    });
  });

  test('texts that Postgres would not take', () => {
    const letter = readLetter(
      bare({ ce_type: 'a\u0000b', dlq_error_message: `${'x'.repeat(999)}😀`, ce_sagaaction: 'jump' }),
    );
    expect(letter.type).toBe('a\ufffdb');
    expect(letter.errorMessage).toBe(`${'x'.repeat(999)}\ufffd`);
    expect(letter.action).toBeNull();
  });
});

test('headers survive the database byte for byte, several of one name included', () => {
  const headers = {
    text: Buffer.from('ü'),
    bytes: Buffer.from([0, 255]),
    many: [Buffer.from('a'), Buffer.from('b')] as unknown as Buffer,
  };
  expect(unpackHeaders(JSON.parse(packHeaders(headers)))).toEqual(headers);
});
