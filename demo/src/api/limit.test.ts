import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { limit } from './limit.ts';

it('runs no more at once than allowed, and each in its turn', async () => {
  const inTurn = limit(3);
  const began: number[] = [];
  let running = 0;
  let most = 0;
  const task = async (i: number): Promise<number> => {
    began.push(i);
    most = Math.max(most, ++running);
    await sleep(1);
    running--;
    return i;
  };
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  expect(await Promise.all(numbers.map((i) => inTurn(() => task(i))))).toEqual(numbers);
  expect([began, most]).toEqual([numbers, 3]);
});

it('gives its place on when a task fails', async () => {
  const inTurn = limit(1);
  const failing = inTurn(() => Promise.reject(new Error('failed')));
  const next = inTurn(async () => 'next');
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
});
