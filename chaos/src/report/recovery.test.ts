import { expect, it } from '@jest/globals';
import type { FaultInjected } from '../history/history.ts';
import { costOfFaults } from './recovery.ts';

const fault = (changes: Partial<FaultInjected>): FaultInjected => ({
  kind: 'fault',
  fault: 'kill',
  target: 'balance',
  from: 1_000,
  until: 1_000,
  ...changes,
});

it('tells by kind how long nothing succeeded and how long it took to recover', () => {
  const successes = [500, 900, 4_000, 4_100, 9_000, 9_100];
  const faults = [
    fault({ recoveredAt: 4_050 }),
    fault({ from: 8_000, until: 8_000, recoveredAt: 8_400 }),
    fault({ fault: 'pause', from: 4_010, until: 4_050 }),
  ];
  expect(costOfFaults({ faults, successes })).toEqual([
    { fault: 'kill', count: 2, longestOutageMs: 4_900, recoveriesMs: [400, 3_050] },
    { fault: 'pause', count: 1, longestOutageMs: 100, recoveriesMs: [] },
  ]);
});

it('knows no outage where nothing ever succeeded', () => {
  expect(costOfFaults({ faults: [fault({})], successes: [] })).toMatchObject([{ longestOutageMs: 0 }]);
});
