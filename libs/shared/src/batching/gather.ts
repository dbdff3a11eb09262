/** Thrown to the caller when as many items wait as may wait: refuse at the edge rather than queue without bound. */
export class Overloaded extends Error {
  override name = 'Overloaded';
}

type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

/**
 * Many callers, one piece of work: gathers what is submitted while the previous batch is on its way and hands it over
 * as one. There is no timer: an item that comes alone goes at once, and the batch grows with the load by itself.
 *
 * `work` answers each item in the order given; when it throws, every item of the batch is rejected.
 */
export function gather<Item, Result>(
  work: (items: Item[]) => Promise<readonly Result[]>,
  { maxBatch, maxWaiting }: { maxBatch: number; maxWaiting: number },
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    // What else this turn of the event loop submits belongs to the same batch.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      try {
        const results = await work(batch.map(({ item }) => item));
        for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(new Overloaded(`${waiting.length} waiting`));
      waiting.push({ item, resolve, reject });
      if (!running) void run();
    });
}
