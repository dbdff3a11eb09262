/**
 * The numbers of a line in blocks of 1,024, a bit each, as the table `queue_block` has them: a number's bit is counted
 * from the left, as Postgres does. Numbers begin with 1.
 */
export const blockSize = 1_024;

export const blockOf = (queueNo: number): number => Math.floor((queueNo - 1) / blockSize);
export const offsetOf = (queueNo: number): number => (queueNo - 1) % blockSize;

/** A block's bits in words of 32, the first number's the highest of the first word. */
export type Bits = Uint32Array;

export const noBits = (): Bits => new Uint32Array(blockSize / 32);

export function setBit(bits: Bits, offset: number): void {
  const word = offset >>> 5;
  bits[word] = (bits[word] as number) | (0x8000_0000 >>> (offset & 31));
}

export const hasBit = (bits: Bits, offset: number): boolean =>
  (((bits[offset >>> 5] as number) << (offset & 31)) & 0x8000_0000) !== 0;

/** How many of the first `length` bits are set. */
export function countBits(bits: Bits, length = blockSize): number {
  let count = 0;
  const whole = length >>> 5;
  for (let word = 0; word < whole; word++) count += popCount(bits[word] as number);
  const rest = length & 31;
  return rest === 0 ? count : count + popCount((bits[whole] as number) >>> (32 - rest));
}

function popCount(word: number): number {
  let n = word - ((word >>> 1) & 0x5555_5555);
  n = (n & 0x3333_3333) + ((n >>> 2) & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** From the text of a Postgres bit string. */
export function parseBits(text: string): Bits {
  const bits = noBits();
  for (let word = 0; word < bits.length; word++)
    bits[word] = Number.parseInt(text.slice(32 * word, 32 * word + 32), 2);
  return bits;
}

/** As the text of a Postgres bit string. */
export const bitsText = (bits: Bits): string =>
  Array.from(bits, (word) => word.toString(2).padStart(32, '0')).join('');

/** The blocks of some numbers of one or more lines, with these numbers' bits set. */
export function blocksOf(
  places: Iterable<{ concertId: string; queueNo: number }>,
): { concertId: string; blockNo: number; bits: Bits }[] {
  const blocks = new Map<string, { concertId: string; blockNo: number; bits: Bits }>();
  for (const { concertId, queueNo } of places) {
    const blockNo = blockOf(queueNo);
    const key = `${concertId} ${blockNo}`;
    const block = blocks.get(key) ?? { concertId, blockNo, bits: noBits() };
    blocks.set(key, block);
    setBit(block.bits, offsetOf(queueNo));
  }
  return [...blocks.values()];
}
