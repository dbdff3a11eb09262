import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openLoop } from './open-loop.ts';

const signal = new AbortController().signal;

test('arrivals keep their rate and the moments that they were meant for, also after a pause of this process', async () => {
  const arrivals: { intendedAt: number; at: number }[] = [];
  const over = openLoop({ perSecond: 100, seconds: 1, signal }, (intendedAt) =>
    arrivals.push({ intendedAt, at: performance.now() }),
  );
  await sleep(200);
  const hangsUntil = performance.now() + 300;
  while (performance.now() < hangsUntil);
  await over;

  expect(arrivals).toHaveLength(100);
  const gaps = arrivals.slice(1).map(({ intendedAt }, i) => intendedAt - (arrivals[i]?.intendedAt ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo(10);
  // Who was meant to come in the pause came late, and that counts.
  expect(Math.max(...arrivals.map(({ intendedAt, at }) => at - intendedAt))).toBeGreaterThan(200);
});

test('it ends when it is told to', async () => {
  const stop = new AbortController();
  const over = openLoop({ perSecond: 10, seconds: 60, signal: stop.signal }, () => undefined);
  stop.abort();
  await expect(over).rejects.toThrow();
});
