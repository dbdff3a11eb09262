import type { Closure, Effect } from '../contracts/operations.ts';
import { commandId } from '../contracts/protocol.ts';
import type { Inbox, InboxRow, Stored } from './decide.ts';

/** The inbox ids that decide what becomes of a step that is to be closed. */
export const closureIds = ({ sagaId, steps }: Closure): string[] =>
  steps.flatMap((step) => [commandId(sagaId, step, 'do'), commandId(sagaId, step, 'undo')]);

/**
 * Closes steps whose compensation is without an answer: whatever of them is still on its way finds its id taken. The
 * rows tell the truth, so that a compensation that comes late is answered by it: an action that has run `stands`, and
 * one that hasn't never will.
 */
export function closeSteps(
  inbox: Inbox,
  { sagaId, sagaNo, steps }: Closure,
): { effects: Effect[]; rows: InboxRow[] } {
  const rows: InboxRow[] = [];
  const effects = steps.map((step): Effect => {
    const [action, undo] = [commandId(sagaId, step, 'do'), commandId(sagaId, step, 'undo')];
    const undone = inbox.get(undo);
    if (undone) return effectOf(undone);
    const done = inbox.get(action);
    if (done === undefined) rows.push({ id: action, sagaNo, stored: null });
    const effect = done?.reply.outcome === 'done' ? 'stands' : 'none';
    rows.push({
      id: undo,
      sagaNo,
      stored: { reply: { outcome: 'done', result: {}, effect }, events: [] },
    });
    return effect;
  });
  return { effects, rows };
}

const effectOf = ({ reply }: NonNullable<Stored>): Effect =>
  (reply.outcome === 'done' ? reply.effect : undefined) ?? 'none';
