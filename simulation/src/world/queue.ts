/** What is to happen, by time; what is for the same time, in the order in which it was put in. */
export type EventQueue = {
  push: (at: number, run: () => void) => void;
  /** Takes the first out. */
  pop: () => Event | undefined;
};

type Event = { at: number; order: number; run: () => void };

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap. */
export function eventQueue(): EventQueue {
  const heap: Event[] = [];
  let pushed = 0;

  function push(at: number, run: () => void): void {
    const event = { at, order: pushed++, run };
    let hole = heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[hole] = heap[parent] as Event;
      hole = parent;
    }
    heap[hole] = event;
  }

  function pop(): Event | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!before(heap[child] as Event, last)) break;
      heap[hole] = heap[child] as Event;
      hole = child;
    }
    heap[hole] = last;
    return first;
  }

  return { push, pop };
}
