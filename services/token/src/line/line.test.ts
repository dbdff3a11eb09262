import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bitsText, blockSize, blocksOf, parseBits } from './bits.ts';
import { goneBlocks, hasPassed, type Line, positionOf } from './line.ts';

const concertId = 'one';

function lineOf(headNo: number, gone: readonly number[]): Line {
  const blocks = blocksOf(gone.map((queueNo) => ({ concertId, queueNo })));
  return {
    at: new Date(),
    lastNo: 0,
    headNo,
    admitted: headNo,
    waiting: 0,
    maxActive: 1,
    maxPerSecond: 1,
    blocks: goneBlocks(headNo, blocks),
  };
}

describe('a position', () => {
  test('is the number of those who came before and still wait, and oneself', () => {
    const length = 4 * blockSize;
    const number = fc.integer({ min: 1, max: length });
    fc.assert(
      fc.property(
        fc.uniqueArray(number, { maxLength: 300 }),
        fc.nat(length),
        number,
        (gone, headNo, queueNo) => {
          fc.pre(queueNo > headNo && !gone.includes(queueNo));
          const ahead = queueNo - headNo - gone.filter((no) => no > headNo && no < queueNo).length;
          expect(positionOf(lineOf(headNo, gone), queueNo)).toBe(ahead);
        },
      ),
    );
  });

  test.each([1, 32, 33, blockSize, blockSize + 1, 2 * blockSize])('at the edge of a block: %d', (queueNo) => {
    const before = Array.from({ length: queueNo - 1 }, (_, i) => i + 1);
    expect(positionOf(lineOf(0, before), queueNo)).toBe(1);
    expect(positionOf(lineOf(0, []), queueNo)).toBe(queueNo);
  });

  test('of one that the head has passed over is the next', () => {
    expect(positionOf(lineOf(5_000, []), 4_999)).toBe(1);
    expect(positionOf(lineOf(5_000, []), 1)).toBe(1);
  });

  test('of one who joined since the line was read is behind all others', () => {
    expect(positionOf(lineOf(10, [12, 13]), 5_000)).toBe(4_988);
  });
});

test('who is admitted or gone is known from the line', () => {
  const line = lineOf(1_000, [1_001, 3_000]);
  expect([999, 1_000, 1_001, 1_002, 2_999, 3_000, 3_001].map((no) => hasPassed(line, no))).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    false,
  ]);
});

test('bits are what Postgres makes of them', () => {
  const [block] = blocksOf([1, 2, 33, blockSize].map((queueNo) => ({ concertId, queueNo })));
  const text = bitsText(block?.bits as Uint32Array);
  expect(text).toHaveLength(blockSize);
  expect([...text].flatMap((bit, i) => (bit === '1' ? i + 1 : []))).toEqual([1, 2, 33, blockSize]);
  expect(parseBits(text)).toEqual(block?.bits);
});
