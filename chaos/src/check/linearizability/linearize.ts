/**
 * Is there an order of the operations, each at one moment between its call and its return, that a single copy could have
 * shown? Wing and Gong's search as Lowe made it fast: the calls and returns are a linked list; whatever is taken is
 * lifted out of it; and no set of taken operations is tried twice in one state.
 */

/** A model's operation. Without `returned` it has taken effect at some time after its call. */
export type Operation<Op> = { called: number; returned?: number; op: Op; reads: boolean };

/** Applies an operation; undefined where the state doesn't allow it. States are numbers. */
export type Step<Op> = (state: number, op: Op) => number | undefined;

export type Verdict<Op> =
  | { linearizable: true }
  /** `stuck` returned before it could have happened. */
  | { linearizable: false; stuck: Operation<Op> }
  /** The search was given up. */
  | { linearizable: undefined };

type Node<Op> = {
  operation: Operation<Op>;
  index: number;
  /** The matching return, for a call. */
  match: Node<Op> | undefined;
  previous: Node<Op> | undefined;
  next: Node<Op> | undefined;
};

export function linearize<Op>(
  operations: readonly Operation<Op>[],
  initial: number,
  step: Step<Op>,
  maxSteps = 5_000_000,
): Verdict<Op> {
  const head = listOf(operations);
  const taken: { node: Node<Op>; state: number }[] = [];
  const tried = new Set<string>();
  const set = hashing(operations.length);
  let state = initial;
  let deepest = -1;
  let stuck: Operation<Op> | undefined;
  let node = head.next;

  for (let steps = 0; head.next; steps++) {
    if (steps > maxSteps) return { linearizable: undefined };
    if (node?.match) {
      const next = step(state, node.operation.op);
      if (next !== undefined && (node.operation.reads || isNew(tried, set, node.index, next))) {
        set.toggle(node.index);
        taken.push({ node, state });
        state = next;
        lift(node);
        node = head.next;
      } else node = node.next;
      continue;
    }
    // A return whose call could not be taken before it: some earlier choice was wrong. (No end of the list comes here:
    // the last nodes are returns.)
    if (node && taken.length > deepest) {
      deepest = taken.length;
      stuck = node.operation;
    }
    // A read that fits changes nothing: taking it later instead would never help.
    let last = taken.pop();
    while (last) {
      set.toggle(last.node.index);
      unlift(last.node);
      state = last.state;
      if (!last.node.operation.reads) break;
      last = taken.pop();
    }
    if (!last) return { linearizable: false, stuck: stuck as Operation<Op> };
    node = last.node.next;
  }
  return { linearizable: true };
}

function isNew(tried: Set<string>, set: ReturnType<typeof hashing>, index: number, state: number): boolean {
  const name = `${set.with(index)} ${state}`;
  if (tried.has(name)) return false;
  tried.add(name);
  return true;
}

/** Calls and returns by time; what happens in one millisecond may have been at once, so that calls come first. */
function listOf<Op>(operations: readonly Operation<Op>[]): Node<Op> {
  const nodes = operations.flatMap((operation, index): { at: number; node: Node<Op> }[] => {
    const end: Node<Op> = { operation, index, match: undefined, previous: undefined, next: undefined };
    const call: Node<Op> = { operation, index, match: end, previous: undefined, next: undefined };
    return [
      { at: operation.called, node: call },
      { at: operation.returned ?? Number.POSITIVE_INFINITY, node: end },
    ];
  });
  nodes.sort(
    (a, b) => a.at - b.at || Number(a.node.match === undefined) - Number(b.node.match === undefined),
  );
  const head = { index: -1, match: undefined, previous: undefined, next: undefined } as unknown as Node<Op>;
  let last = head;
  for (const { node } of nodes) {
    last.next = node;
    node.previous = last;
    last = node;
  }
  return head;
}

function lift<Op>(call: Node<Op>): void {
  for (const node of [call, call.match as Node<Op>]) {
    (node.previous as Node<Op>).next = node.next;
    if (node.next) node.next.previous = node.previous;
  }
}

function unlift<Op>(call: Node<Op>): void {
  for (const node of [call.match as Node<Op>, call]) {
    (node.previous as Node<Op>).next = node;
    if (node.next) node.next.previous = node;
  }
}

/** A set of indexes as a hash (Zobrist): 64 bits, so that two sets that look the same are the same. */
function hashing(size: number) {
  const low = new Uint32Array(size);
  const high = new Uint32Array(size);
  let seed = 0x9e3779b9;
  const random = () => {
    // mulberry32
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  for (let i = 0; i < size; i++) {
    low[i] = random();
    high[i] = random();
  }
  let a = 0;
  let b = 0;
  return {
    toggle: (index: number): void => {
      a ^= low[index] as number;
      b ^= high[index] as number;
    },
    with: (index: number): string => `${a ^ (low[index] as number)},${b ^ (high[index] as number)}`,
  };
}
