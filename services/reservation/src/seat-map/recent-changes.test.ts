import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recentChanges } from './recent-changes.ts';

const max = 5;
const event = fc.record({
  partition: fc.nat({ max: 1 }),
  seats: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
});

test('what has changed since any position is told exactly, or not at all', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
      fc.array(event, { maxLength: 15 }),
      (start, events) => {
        const recent = recentChanges(max);
        recent.begin(start);
        const now = [...start] as [number, number];
        const log: { partition: number; offset: number; seats: string[] }[] = [];
        for (const { partition, seats } of events) {
          const offset = now[partition as 0 | 1]++;
          recent.add(partition, offset, seats);
          log.push({ partition, offset, seats });
        }
        for (let first = 0; first <= now[0] + 1; first++)
          for (let second = 0; second <= now[1] + 1; second++) {
            const position = [first, second] as const;
            const told = recent.since(position, now);
            const later = log.filter(
              ({ partition, offset }) => offset >= (position[partition as 0 | 1] ?? 0),
            );
            const isCovered =
              start.every(
                (offset, i) => offset <= (position[i] ?? 0) && (position[i] ?? 0) <= (now[i] ?? 0),
              ) && later.length <= max;
            if (told)
              expect(told.toSorted()).toEqual([...new Set(later.flatMap(({ seats }) => seats))].sort());
            // It may know less than it remembers, but of one partition it knows all of that.
            if (!isCovered) expect(told).toBeUndefined();
            if (isCovered && new Set(log.map(({ partition }) => partition)).size < 2)
              expect(told).toBeDefined();
          }
      },
    ),
  );
});

test('what came before a new beginning is not known', () => {
  const recent = recentChanges(max);
  recent.begin([0]);
  recent.add(0, 0, ['a']);
  recent.begin([7]);
  recent.add(0, 7, ['b']);
  expect(recent.since([0], [8])).toBeUndefined();
  expect(recent.since([7], [8])).toEqual(['b']);
});

test('a position of other partitions, or one that is not reached yet, is not known', () => {
  const recent = recentChanges(max);
  recent.begin([0, 0]);
  expect(recent.since([0], [0, 0])).toBeUndefined();
  expect(recent.since([0, 1], [0, 0])).toBeUndefined();
  expect(recent.since([0, 0], [0, 0])).toEqual([]);
});
