import { expect, test } from '@jest/globals';
import { summaryOf } from './frames.ts';

test('frames are told by what lies between them', () => {
  const even = Array.from({ length: 61 }, (_, i) => (i * 1_000) / 60);
  expect(summaryOf(even)).toMatchObject({ count: 60, perSecond: expect.closeTo(60) });
  const withPause = [0, 16, 32, 132, 148];
  expect(summaryOf(withPause)).toMatchObject({ count: 4, median: 16, worst: 100 });
});
