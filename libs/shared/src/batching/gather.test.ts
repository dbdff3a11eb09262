import { expect, test } from '@jest/globals';
import { gather, Overloaded } from './gather.ts';

/** Work that is under way until it is let go. */
function heldWork() {
  const batches: number[][] = [];
  let letGo = (): void => {};
  const work = async (items: number[]): Promise<number[]> => {
    batches.push(items);
    await new Promise<void>((resolve) => {
      letGo = resolve;
    });
    return items.map((item) => item * 10);
  };
  return { batches, work, letGo: () => letGo() };
}

const turn = () => new Promise(setImmediate);

test('what is submitted in one turn, and while a batch is under way, is one batch each', async () => {
  const { batches, work, letGo } = heldWork();
  const submit = gather(work, { maxBatch: 100, maxWaiting: 100 });
  const first = [submit(1), submit(2)];
  await turn();
  const second = [submit(3), submit(4), submit(5)];
  letGo();
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  letGo();
  expect(await Promise.all(second)).toEqual([30, 40, 50]);
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test('a batch is never larger than maxBatch, and keeps the order', async () => {
  const batches: number[][] = [];
  const submit = gather(
    async (items: number[]) => {
      batches.push(items);
      return items;
    },
    { maxBatch: 2, maxWaiting: 100 },
  );
  await Promise.all([1, 2, 3, 4, 5].map(submit));
  expect(batches).toEqual([[1, 2], [3, 4], [5]]);
});

test('work that throws fails its own batch and no other', async () => {
  const submit = gather(
    async (items: number[]) => {
      if (items.includes(1)) throw new Error('no');
      return items;
    },
    { maxBatch: 1, maxWaiting: 100 },
  );
  const [bad, good] = await Promise.allSettled([submit(1), submit(2)]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
  expect(good).toEqual({ status: 'fulfilled', value: 2 });
});

test('more than maxWaiting are refused, and those who wait are served all the same', async () => {
  const { work, letGo } = heldWork();
  const submit = gather(work, { maxBatch: 1, maxWaiting: 2 });
  const running = submit(1);
  await turn();
  const waiting = [submit(2), submit(3)];
  await expect(submit(4)).rejects.toThrow(Overloaded);
  for (let i = 0; i < 3; i++) {
    letGo();
    await turn();
  }
  expect(await Promise.all([running, ...waiting])).toEqual([10, 20, 30]);
});
