import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linearize, type Operation } from './linearize.ts';

/** A register of one number: writes always fit, reads where they show what is there. */
type Op = { write: number } | { read: number };
const step = (state: number, op: Op) => ('write' in op ? op.write : op.read === state ? state : undefined);

const write = (value: number, called: number, returned?: number): Operation<Op> => ({
  called,
  ...(returned !== undefined && { returned }),
  op: { write: value },
  reads: false,
});
const read = (value: number, called: number, returned: number): Operation<Op> => ({
  called,
  returned,
  op: { read: value },
  reads: true,
});
const verdict = (...operations: Operation<Op>[]) => linearize(operations, 0, step).linearizable;

describe('linearize', () => {
  it('takes a history in order', () => {
    expect(verdict(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7))).toBe(true);
    expect(verdict()).toBe(true);
  });

  it('sees that a read is stale', () => {
    expect(verdict(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5))).toBe(false);
  });

  it('lets what is at once come in either order, but in one', () => {
    expect(verdict(write(1, 0, 10), read(1, 2, 3), read(0, 2, 3))).toBe(true);
    expect(verdict(write(1, 0, 10), read(1, 2, 3), read(0, 4, 5))).toBe(false);
  });

  it('lets a call without a return happen late', () => {
    expect(verdict(write(1, 0), read(0, 50, 60), read(1, 70, 80))).toBe(true);
    expect(verdict(write(1, 0), read(1, 50, 60), read(0, 70, 80))).toBe(false);
  });

  it('says where it got stuck', () => {
    const stale = read(1, 4, 5);
    expect(linearize([write(1, 0, 1), write(2, 2, 3), stale], 0, step)).toEqual({
      linearizable: false,
      stuck: stale,
    });
  });

  it('gives up rather than search for ever', () => {
    const many = Array.from({ length: 14 }, (_, i) => write(i, 0, 100));
    expect(linearize([...many, read(-1, 50, 60)], 0, step, 1_000).linearizable).toBe(undefined);
  });

  it('says what trying every order would say', () => {
    const operation = fc
      .tuple(fc.boolean(), fc.integer({ min: 0, max: 2 }), fc.nat(12), fc.nat(6), fc.boolean())
      .map(([reads, value, called, lasts, open]) => {
        if (reads) return read(value, called, called + lasts);
        return open ? write(value, called) : write(value, called, called + lasts);
      });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 6 }), (operations) => {
        expect(verdict(...operations)).toBe(byBruteForce(operations, 0));
      }),
      { numRuns: 2_000 },
    );
  });

  it('decides a long history at once', () => {
    const history = Array.from({ length: 2_000 }, (_, i) => [
      write(i, i * 10, i * 10 + 4),
      read(i, i * 10 + 5, i * 10 + 12),
      read(i, i * 10 + 6, i * 10 + 9),
    ]).flat();
    const began = Date.now();
    expect(verdict(...history)).toBe(true);
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});

function byBruteForce(left: readonly Operation<Op>[], state: number): boolean {
  if (left.length === 0) return true;
  return left.some((candidate) => {
    if (left.some(({ returned = Number.POSITIVE_INFINITY }) => returned < candidate.called)) return false;
    const next = step(state, candidate.op);
    return (
      next !== undefined &&
      byBruteForce(
        left.filter((other) => other !== candidate),
        next,
      )
    );
  });
}
