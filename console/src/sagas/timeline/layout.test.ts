import { expect, test } from '@jest/globals';
import type { TimelineEntry } from '../../api/types.ts';
import { layoutTimeline, measures } from './layout.ts';

const entry = (
  ms: number,
  kind: TimelineEntry['kind'],
  from: string,
  to: string,
  more = {},
): TimelineEntry => ({
  at: new Date(1_000_000 + ms).toISOString(),
  kind,
  from,
  to,
  label: kind,
  ...more,
});
const deduct = { step: 'deduct-balance', action: 'do' };
const refund = { step: 'deduct-balance', action: 'undo' };

test('lanes are those that take part, in the order in which a saga meets them', () => {
  const { lanes } = layoutTimeline([
    entry(0, 'command', 'orchestrator', 'payment'),
    entry(1, 'begin', 'client', 'orchestrator'),
    entry(2, 'event', 'orchestrator', 'external-api'),
    entry(3, 'command', 'orchestrator', 'token'),
  ]);
  expect(lanes.map(({ id }) => id)).toEqual(['client', 'orchestrator', 'token', 'payment', 'external-api']);
  expect(lanes.map(({ x }) => x)).toEqual([...lanes.map(({ x }) => x)].sort((a, b) => a - b));
});

test('each entry has a row of its own, below the one before', () => {
  const { rows, height } = layoutTimeline([
    entry(0, 'begin', 'client', 'orchestrator'),
    entry(0, 'command', 'orchestrator', 'token'),
    entry(7, 'reply', 'token', 'orchestrator'),
  ]);
  expect(rows.map(({ y }) => y)).toEqual([0.5, 1.5, 2.5].map((row) => measures.head + row * measures.row));
  expect(rows.map(({ sinceStartMs }) => sinceStartMs)).toEqual([0, 0, 7]);
  expect(height).toBeGreaterThan(rows[2]?.y ?? 0);
});

test('a second without anything is a pause that says how long it was', () => {
  const { pauses, rows } = layoutTimeline([
    entry(0, 'command', 'orchestrator', 'balance'),
    entry(999, 'command', 'orchestrator', 'balance'),
    entry(3_499, 'timeout', 'orchestrator', 'orchestrator'),
  ]);
  expect(pauses).toEqual([{ ms: 2_500, y: expect.any(Number) }]);
  expect(pauses[0]?.y).toBeGreaterThan(rows[1]?.y ?? 0);
  expect(pauses[0]?.y).toBeLessThan(rows[2]?.y ?? 0);
});

test('a participant is busy from the first command to its first answer, and without one to the end', () => {
  const { activations, rows, height } = layoutTimeline([
    entry(0, 'command', 'orchestrator', 'balance', deduct),
    entry(10, 'command', 'orchestrator', 'balance', deduct),
    entry(20, 'reply', 'balance', 'orchestrator', deduct),
    entry(21, 'reply', 'balance', 'orchestrator', deduct),
    entry(30, 'command', 'orchestrator', 'balance', refund),
  ]);
  const at = (index: number) => rows[index]?.y;
  expect(activations).toMatchObject([
    { top: at(0), bottom: at(2), answered: true, undo: false },
    { top: at(4), answered: false, undo: true },
  ]);
  expect(activations[1]?.bottom).toBeLessThanOrEqual(height);
});

test('nothing is drawn of nothing', () => {
  expect(layoutTimeline([])).toMatchObject({ lanes: [], rows: [], pauses: [], activations: [] });
});
