/**
 * Does work in batches of at most `size`, one after the other, until one isn't full.
 *
 * @param batch does one, and says how many were in it
 * @returns how many in all
 */
export async function inBatches(size: number, batch: () => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const done = await batch();
    all += done;
    if (done < size) return all;
  }
}
