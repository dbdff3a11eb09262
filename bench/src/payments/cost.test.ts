import { expect, test } from '@jest/globals';
import { costPerSaga, costTable } from './cost.ts';

test('what a saga costs is what has been written beyond what an idle system writes', () => {
  const loaded = { from: { commits: 100 }, to: { commits: 1_300, messages: 500 }, seconds: 20 };
  const idle = { from: { commits: 0 }, to: { commits: 100 }, seconds: 10 };
  expect(costPerSaga(loaded, idle, 100)).toEqual({ commits: 10, messages: 5 });
});

test('the table leaves out what costs nothing', () => {
  expect(costTable({ alone: { commits: 9.5, rollbacks: 0 }, '64 in flight': { commits: 1.25 } })).toBe(
    ['| for each saga | alone | 64 in flight |', '| --- | ---: | ---: |', '| commits | 9.50 | 1.25 |'].join(
      '\n',
    ),
  );
});
