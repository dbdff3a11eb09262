import { describe, expect, test } from '@jest/globals';
import { compare, ratiosOf } from './guard.ts';
import { type Measurement, summarize } from './measurement.ts';

const measured = (of: Partial<Measurement>): Measurement => ({
  contender: 'holdfast',
  scenario: 'distinct',
  perSecond: 500,
  fullP50: 100,
  fullP99: 200,
  aloneP50: 8,
  halfP99: 60,
  cpuMs: 2,
  cpuMsBy: {},
  generatorMs: 0.1,
  memory: [100, 100, 110, 110, 120, 120],
  kills: 0,
  again: {},
  violations: [],
  ...of,
});

test('a summary has the medians of its rounds', () => {
  const [first, ...others] = summarize([
    measured({ perSecond: 400 }),
    measured({ perSecond: 900, contender: 'transaction' }),
    measured({ perSecond: 500 }),
    measured({ perSecond: 900, violations: ['money'] }),
  ]);
  expect(first).toMatchObject({
    contender: 'holdfast',
    rounds: 3,
    perSecond: 500,
    memoryStart: 100,
    memoryEnd: 120,
    violations: ['money'],
  });
  expect(others).toHaveLength(1);
});

test('ratios are to the single transaction of the same scenario', () => {
  const summaries = summarize([
    measured({}),
    measured({ contender: 'transaction', perSecond: 1_000, aloneP50: 1, cpuMs: 1 }),
    measured({ contender: 'dbos', perSecond: 200 }),
    measured({ scenario: 'killed', aloneP50: undefined }),
    measured({
      scenario: 'killed',
      contender: 'transaction',
      perSecond: 1_000,
      aloneP50: undefined,
      cpuMs: 1,
    }),
  ]);
  expect(ratiosOf(summaries)).toEqual({
    distinct: { perSecond: 0.5, aloneP50: 8, cpuMs: 2 },
    killed: { perSecond: 0.5, cpuMs: 2 },
  });
});

describe('compared with the baseline', () => {
  const baseline = { distinct: { perSecond: 0.5, aloneP50: 8, cpuMs: 2 } };
  const lost = (is: (typeof baseline)['distinct']): string[] =>
    compare(baseline, { distinct: is }).flatMap(({ metric, lost }) => (lost ? [metric] : []));

  test('what is as it was, or better, or worse by less than 15%, is no loss', () => {
    expect(lost(baseline.distinct)).toEqual([]);
    expect(lost({ perSecond: 1, aloneP50: 4, cpuMs: 1 })).toEqual([]);
    expect(lost({ perSecond: 0.43, aloneP50: 9.1, cpuMs: 2.29 })).toEqual([]);
  });

  test('more than that is', () => {
    expect(lost({ perSecond: 0.42, aloneP50: 9.3, cpuMs: 2.31 })).toEqual(['perSecond', 'aloneP50', 'cpuMs']);
  });

  test('what one of them lacks is left out', () => {
    expect(compare(baseline, { hot: { perSecond: 0.1 } })).toEqual([]);
    expect(compare({ distinct: { perSecond: 0.5 } }, baseline)).toHaveLength(1);
  });
});
