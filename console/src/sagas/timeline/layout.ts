import type { TimelineEntry } from '../../api/types.ts';

/** Where everything of a sequence diagram stands, in pixels. Rows follow one another, whatever time is between them. */

export type Lane = { id: string; x: number };
export type Row = {
  entry: TimelineEntry;
  index: number;
  y: number;
  from: number;
  to: number;
  /** Since the first entry. */
  sinceStartMs: number;
};
/** So much time passed between two rows that it is worth a line. */
export type Pause = { y: number; ms: number };
/** From a command to its answer; without one it stays open to the end. */
export type Activation = { x: number; top: number; bottom: number; answered: boolean; undo: boolean };
export type Layout = {
  lanes: Lane[];
  rows: Row[];
  pauses: Pause[];
  activations: Activation[];
  width: number;
  height: number;
};

export const measures = {
  head: 44,
  row: 34,
  pause: 26,
  times: 84,
  lane: 108,
  right: 16,
};

const pauseMs = 1_000;
const order = ['operator', 'client', 'orchestrator', 'token', 'reservation', 'balance', 'payment'];

export function layoutTimeline(entries: readonly TimelineEntry[]): Layout {
  const lanes = lanesOf(entries);
  const xOf = new Map(lanes.map(({ id, x }) => [id, x]));
  const startedAt = Date.parse(entries[0]?.at ?? '');

  const rows: Row[] = [];
  const pauses: Pause[] = [];
  let y = measures.head;
  let before = startedAt;
  for (const [index, entry] of entries.entries()) {
    const at = Date.parse(entry.at);
    if (at - before >= pauseMs) {
      pauses.push({ y: y + measures.pause / 2, ms: at - before });
      y += measures.pause;
    }
    before = at;
    rows.push({
      entry,
      index,
      y: y + measures.row / 2,
      from: xOf.get(entry.from) ?? 0,
      to: xOf.get(entry.to) ?? 0,
      sinceStartMs: at - startedAt,
    });
    y += measures.row;
  }

  return {
    lanes,
    rows,
    pauses,
    activations: activationsOf(rows, y),
    width: measures.times + measures.lane * lanes.length + measures.right,
    height: y + 12,
  };
}

/** Those that take part, in the order in which a saga meets them. */
function lanesOf(entries: readonly TimelineEntry[]): Lane[] {
  const taking = new Set(entries.flatMap(({ from, to }) => [from, to]));
  const ids = [...order.filter((id) => taking.has(id)), ...[...taking].filter((id) => !order.includes(id))];
  return ids.map((id, index) => ({ id, x: measures.times + measures.lane * (index + 0.5) }));
}

function activationsOf(rows: readonly Row[], end: number): Activation[] {
  const commands = new Map<string, Row>();
  const replies = new Map<string, Row>();
  for (const row of rows) {
    const { kind, step, action } = row.entry;
    if (!step || !action) continue;
    const id = `${step}/${action}`;
    // The first of either: what was sent or answered again lies within.
    if (kind === 'command' && !commands.has(id)) commands.set(id, row);
    if (kind === 'reply' && !replies.has(id)) replies.set(id, row);
  }
  return [...commands].map(([id, command]) => {
    const reply = replies.get(id);
    return {
      x: command.to,
      top: command.y,
      bottom: reply ? reply.y : end,
      answered: reply !== undefined,
      undo: command.entry.action === 'undo',
    };
  });
}
