import { expect, test } from '@jest/globals';
import type { RawRecord } from './cloud-event.ts';
import { publishPacked } from './pack.ts';

const record = (key: string, bytes = 100): RawRecord => ({
  topic: 'saga.replies',
  key,
  value: 'x'.repeat(bytes),
  headers: {},
});

/** What is sent, request by request; `fails` says what becomes of one. */
function sending(fails: (keys: string[]) => Error | undefined = () => undefined) {
  const requests: string[][] = [];
  return {
    requests,
    send: async (records: RawRecord[]) => {
      const keys = records.map(({ key }) => String(key));
      requests.push(keys);
      const error = fails(keys);
      if (error) throw error;
    },
  };
}

const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
const lost = new Error('connection lost');

test('what fits shares a request', async () => {
  const { send, requests } = sending();
  expect(await publishPacked([[record('a'), record('b')], [record('c')]], send)).toEqual([
    undefined,
    undefined,
  ]);
  expect(requests).toEqual([['a', 'b', 'c']]);
});

test('what would be too much for a topic together is sent one after the other, in order', async () => {
  const { send, requests } = sending();
  const callers = ['a', 'b', 'c', 'd'].map((key) => [record(key, 400_000)]);
  await publishPacked(callers, send);
  expect(requests).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('a record that is too large fails its own caller only', async () => {
  const { send, requests } = sending((keys) => (keys.includes('huge') ? tooLarge : undefined));
  const callers = [[record('a')], [record('huge', 2_000_000), record('after')], [record('b')]];
  expect(await publishPacked(callers, send)).toEqual([undefined, tooLarge, undefined]);
  expect(requests).toEqual([['a'], ['huge'], ['b']]);
});

test('any other failure fails all who still had something to send', async () => {
  const { send, requests } = sending((keys) => (keys.includes('b') ? lost : undefined));
  const callers = ['a', 'b', 'c'].map((key) => [record(key, 900_000)]);
  expect(await publishPacked(callers, send)).toEqual([undefined, lost, lost]);
  expect(requests).toEqual([['a'], ['b']]);
});
