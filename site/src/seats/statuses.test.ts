import { expect, test } from '@jest/globals';
import { createStatuses } from './statuses.ts';

const load = (statuses: string, mine: number[] = []) => {
  const made = createStatuses();
  made.load({ statuses, mine });
  return made;
};
const all = (statuses: ReturnType<typeof createStatuses>, count: number) =>
  Array.from({ length: count }, (_, index) => statuses.of(index));

test("a seat of one's own is told from one that somebody else holds or has bought", () => {
  const statuses = load('AHSH', [3]);
  expect(all(statuses, 4)).toEqual(['free', 'held', 'sold', 'mine']);
  expect(statuses.free()).toBe(1);
});

test('changes are told once, with what has changed, and the free ones are counted', () => {
  const statuses = load('AAH');
  const told: unknown[] = [];
  statuses.subscribe((indexes) => told.push(indexes));
  statuses.apply([
    [0, 'H'],
    [1, 'A'],
    [2, 'A'],
  ]);
  statuses.apply([[0, 'H']]);
  expect(told).toEqual([[0, 2]]);
  expect(all(statuses, 3)).toEqual(['held', 'free', 'free']);
  expect(statuses.free()).toBe(2);
});

test("what was one's own is nobody's once it is free", () => {
  const statuses = load('H', [0]);
  statuses.apply([[0, 'A']]);
  statuses.apply([[0, 'H']]);
  expect(statuses.of(0)).toBe('held');
});

test('a seat that there is none of changes nothing', () => {
  const statuses = load('A');
  statuses.apply([[7, 'A']]);
  expect(statuses.free()).toBe(1);
});
