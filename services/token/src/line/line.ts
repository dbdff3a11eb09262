import { type Bits, blockOf, countBits, hasBit, offsetOf } from './bits.ts';

/** A concert's line at one moment, from which any number's place is told in constant time. */
export type Line = {
  at: Date;
  lastNo: number;
  headNo: number;
  admitted: number;
  /** How many wait. */
  waiting: number;
  maxActive: number;
  maxPerSecond: number;
  blocks: GoneBlocks;
};

/** Who has gone from behind the head: by block, and how many in all blocks before. */
export type GoneBlocks = { first: number; bits: (Bits | undefined)[]; before: number[] };

/** @param gone the blocks from that of the head on in which somebody has gone */
export function goneBlocks(headNo: number, gone: readonly { blockNo: number; bits: Bits }[]): GoneBlocks {
  const first = blockOf(headNo + 1);
  const bits: (Bits | undefined)[] = [];
  for (const block of gone) if (block.blockNo >= first) bits[block.blockNo - first] = block.bits;
  const before: number[] = [];
  // Whoever went before the head got to them is no longer ahead of anybody.
  let count = bits[0] ? -countBits(bits[0], offsetOf(headNo + 1)) : 0;
  for (let i = 0; i < bits.length; i++) {
    before.push(count);
    const here = bits[i];
    if (here) count += countBits(here);
  }
  before.push(count);
  return { first, bits, before };
}

/** Where a number stands that is still waiting: 1 is admitted next. */
export function positionOf({ headNo, blocks }: Line, queueNo: number): number {
  const { first, bits, before } = blocks;
  const index = blockOf(queueNo) - first;
  const here = bits[index];
  const gone = (before[Math.min(index, bits.length)] ?? 0) + (here ? countBits(here, offsetOf(queueNo)) : 0);
  // One that the head has passed was locked in that moment, and comes next.
  return Math.max(1, queueNo - headNo - gone);
}

/** Whether a number no longer waits, or is about to be told so. */
export function hasPassed({ headNo, blocks }: Line, queueNo: number): boolean {
  if (queueNo <= headNo) return true;
  const here = blocks.bits[blockOf(queueNo) - blocks.first];
  return here !== undefined && hasBit(here, offsetOf(queueNo));
}
