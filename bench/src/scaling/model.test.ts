import { describe, expect, test } from '@jest/globals';
import { predict } from './model.ts';

const station = (name: string, demandMs: number, servers = 1, share = 1) => ({
  name,
  demandMs,
  servers,
  share,
});

describe('the model', () => {
  test('gives one saga alone the sum of all demands and delays', () => {
    const { responseMs, perSecond } = predict([station('a', 4), station('b', 1)], 1, 5);
    expect(responseMs).toBeCloseTo(10);
    expect(perSecond).toBeCloseTo(100);
  });

  test('never exceeds what its slowest station can do, and comes close to it', () => {
    const { perSecond, bottleneck } = predict([station('a', 4), station('b', 1)], 64, 5);
    expect(bottleneck).toBe('a');
    expect(perSecond).toBeLessThanOrEqual(250);
    expect(perSecond).toBeGreaterThan(249);
  });

  test('doubles with the servers of the slowest station until another is slowest', () => {
    const of = (servers: number) => predict([station('a', 4, servers, 0.1), station('b', 2)], 500, 0);
    expect(of(2).perSecond / of(1).perSecond).toBeCloseTo(2, 1);
    expect(of(100)).toMatchObject({ bottleneck: 'b' });
    expect(of(100).perSecond).toBeLessThanOrEqual(500);
  });
});
