import { expect, test } from '@jest/globals';
import { createLogger } from '../process/logger.ts';
import { Poison, type RawRecord, type ReceivedRecord } from './cloud-event.ts';
import { Passing } from './failing.ts';
import { type Independent, independently } from './independent.ts';

const maxBatch = 4;
const quick = { firstMs: 40, maxMs: 80 };
const flow = {
  heartbeat: async () => undefined,
  isStale: () => false,
  stopping: new AbortController().signal,
};

/** The records of a partition from an offset on: their values are their offsets. */
const recordsFrom = (first: number, count = maxBatch): ReceivedRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: 'payment.events',
    partition: 0,
    offset: String(first + i),
    timestamp: '0',
    key: null,
    value: Buffer.from(String(first + i)),
    headers: {},
  }));

/** Handles as told, and says what was handled and what was dead-lettered. */
function consumer(handle: (message: { text: string }, times: number) => void, pause = quick) {
  const handled: string[] = [];
  const letters: RawRecord[] = [];
  const times = new Map<object, number>();
  const independent: Independent = independently<{ text: string }>({
    kafka: { publish: async (records) => void letters.push(...records) },
    group: 'test',
    decode: ({ value }) => ({ text: String(value) }),
    handle: async ([message]) => {
      if (!message) return;
      handled.push(message.text);
      times.set(message, (times.get(message) ?? 0) + 1);
      handle(message, times.get(message) as number);
    },
    maxBatch,
    attempts: 2,
    pause,
    onFatal: () => undefined,
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  return { handled, letters, take: (records: ReceivedRecord[]) => independent.take(records, flow) };
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, quick.maxMs + 20));

test('one that fails waits, those around it are done and not done again', async () => {
  const { take, handled } = consumer(({ text }, times) => {
    if (text === '1' && times === 1) throw new Error('not yet');
  });
  const { done, waitMs } = await take(recordsFrom(0));
  expect(done).toBe(1);
  expect(waitMs).toBeLessThanOrEqual(quick.firstMs);
  // Read again: the same, and one that has come meanwhile.
  await later();
  expect(await take(recordsFrom(1))).toEqual({ done: maxBatch });
  expect(handled).toEqual(['0', '1', '2', '3', '1', '4']);
});

test('before its time it is not tried, and what has come meanwhile is', async () => {
  const { take, handled } = consumer(({ text }) => {
    if (text === '0') throw new Passing('not yet');
  });
  const first = await take(recordsFrom(0, 2));
  const second = await take(recordsFrom(0, 3));
  expect([first.done, second.done]).toEqual([0, 0]);
  // Unless it was due at once, by chance.
  expect(handled.filter((text) => text !== '0')).toEqual(['1', '2']);
});

test('a fault that passes is waited out, another is counted, and the message is the same object each time', async () => {
  const { take, letters } = consumer((_, times) => {
    if (times < 8) throw new Passing('not now');
    throw new Error(`failure ${times}`);
  });
  for (let attempt = 1; attempt < 9; attempt++) {
    expect((await take(recordsFrom(0, 1))).done).toBe(0);
    await later();
  }
  expect(letters).toEqual([]);
  expect((await take(recordsFrom(0, 1))).done).toBe(1);
  expect(letters).toMatchObject([
    { topic: 'payment.events.dlq', headers: { dlq_error_message: 'failure 9', dlq_attempts: '9' } },
  ]);
});

test('poison is a dead letter at once, and its partition goes on', async () => {
  const { take, letters } = consumer(({ text }) => {
    if (text === '2') throw new Poison('never');
  });
  expect(await take(recordsFrom(0))).toEqual({ done: maxBatch });
  expect(letters).toMatchObject([{ headers: { dlq_offset: '2', dlq_attempts: '1' } }]);
});

test('as many as fit wait for as long as they have to; where others may come, a second at most', async () => {
  const failing = () => {
    throw new Passing('away');
  };
  const slow = { firstMs: 1e9, maxMs: 1e9 };
  const [full, room] = [consumer(failing, slow), consumer(failing, slow)];
  expect((await full.take(recordsFrom(0))).waitMs).toBeGreaterThan(1_000);
  expect((await room.take(recordsFrom(0, 1))).waitMs).toBe(1_000);
});
