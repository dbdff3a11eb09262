import { describe, expect, test } from '@jest/globals';
import { createHistogram, type Second } from '../measure/series.ts';
import { judge, type Measured, memoryGrowth, secondsToRecover } from './criteria.ts';
import type { Passed } from './run.ts';

const second = (of: Partial<Second> = {}): Second => ({
  at: 0,
  phase: 'after',
  offered: 100,
  accepted: 100,
  refused: 0,
  failed: 0,
  paid: 15,
  held: 15,
  p50: 20,
  p99: 50,
  payP99: 100,
  unfinishedSagas: 3,
  memory: { gateway: 100 },
  ...of,
});
const seconds = (count: number, of: Partial<Second> = {}): Second[] =>
  Array.from({ length: count }, () => second(of));

function phase(name: string, samples: Second[], payMs = 100): Passed {
  const pay = createHistogram();
  pay.recordValue(payMs);
  return { name, perSecond: 100, seconds: samples.length, samples, all: createHistogram(), pay, dropped: 0 };
}

const good = (): Measured => ({
  below: phase('below', seconds(60)),
  over: phase('overload', seconds(60, { offered: 400, refused: 300 })),
  after: phase('after', seconds(60)),
  failures: new Map(),
  slowestMs: 2_000,
  quietAfterMs: 100,
  audit: {
    sagas: 1_000,
    completed: 1_000,
    notCompleted: 0,
    resentSteps: 0,
    charged: 30,
    onBalances: 10,
    paid: 20,
    locks: 0,
    seatsSoldTwice: 0,
  },
});

const failing = (measured: Measured): string[] =>
  judge(measured).flatMap(({ name, holds }) => (holds ? [] : [name]));

test('a good run fails nothing', () => {
  expect(failing(good())).toEqual([]);
});

describe('a run fails by', () => {
  const audit = good().audit;
  test.each<[string, Partial<Measured>, RegExp]>([
    ['an answer of another kind', { failures: new Map([['pay: 500 internal', 1]]) }, /429\/503/],
    ['nothing that was refused', { over: phase('overload', seconds(60)) }, /something to refuse/],
    [
      'payments that take for ever',
      { over: phase('overload', seconds(60, { refused: 300 }), 20_000) },
      /p99/,
    ],
    ['one slow answer', { slowestMs: 15_000 }, /slowest/],
    ['work for nothing', { over: phase('overload', seconds(60, { refused: 300, paid: 2 })) }, /pays in/],
    ['no recovery', { after: phase('after', seconds(60, { accepted: 50, refused: 50 })) }, /served again/],
    ['a saga that was compensated', { audit: { ...audit, notCompleted: 1 } }, /completed/],
    ['steps that are sent again', { audit: { ...audit, resentSteps: 100 } }, /amplify/],
    ['money that is lost', { audit: { ...audit, onBalances: 9 } }, /money/],
    ['a lock that is left', { audit: { ...audit, locks: 1 } }, /money/],
    ['a seat that is sold twice', { audit: { ...audit, seatsSoldTwice: 1 } }, /money/],
  ])('%s', (_, change, name) => {
    expect(failing({ ...good(), ...change })).toEqual([expect.stringMatching(name)]);
  });

  test('memory that grows', () => {
    const samples = seconds(60, { refused: 300 }).map((sample, i) => ({
      ...sample,
      memory: { gateway: 5 * i },
    }));
    expect(memoryGrowth(samples)).toEqual({ gateway: 200 });
    expect(failing({ ...good(), over: phase('overload', samples) })).toEqual([
      expect.stringMatching(/grows/),
    ]);
  });
});

test('the time to recover is when all is accepted again, not when it once was', () => {
  const samples = [
    ...seconds(8, { accepted: 60, refused: 40 }),
    ...seconds(1),
    ...seconds(2, { accepted: 60, refused: 40 }),
    ...seconds(20),
  ];
  expect(secondsToRecover(phase('after', samples))).toBe(11);
});
