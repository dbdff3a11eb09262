import type { Command } from '../contracts/define.ts';
import { type CommandMessage, commandId, type EventMessage, type Reply } from '../contracts/protocol.ts';

/** A participant's decisions: pure, so that the simulator and the tests run what production runs. */

/** What is known of a command besides its payload. */
export type Cause = Pick<CommandMessage, 'id' | 'sagaId' | 'sagaNo'>;

export type Answer<Result> = { done: Result; events?: EventMessage[] } | { refused: string; detail?: string };

export type Undone = { effect: 'undone' | 'stands'; events?: EventMessage[] };

/** What a participant does for one command, on the rows that its batch has loaded. It changes `state` in memory. */
export type Handler<State> = { readonly command: Command } & (
  | {
      readonly kind: 'read' | 'action';
      readonly run: (state: State, payload: never, cause: Cause) => Answer<unknown>;
    }
  | {
      readonly kind: 'compensation';
      /** Called only where the action has run and was not refused. `undoes` is the action's command id. */
      readonly run: (state: State, payload: never, cause: Cause & { undoes: string }) => Undone;
    }
);

/** Only reads: needs no inbox, and may be done again. */
export const read = <State, P, R>(
  command: Command<P, R>,
  run: (state: State, payload: P, cause: Cause) => Answer<R>,
): Handler<State> => ({ kind: 'read', command, run });

/** Changes something, at most once. */
export const action = <State, P, R>(
  command: Command<P, R>,
  run: (state: State, payload: P, cause: Cause) => Answer<R>,
): Handler<State> => ({ kind: 'action', command, run });

/** Undoes the recorded effect of the action of the same step. */
export const compensation = <State, P>(
  command: Command<P>,
  run: (state: State, payload: P, cause: Cause & { undoes: string }) => Undone,
): Handler<State> => ({ kind: 'compensation', command, run });

/** What the inbox keeps of a command: what goes out for it. A tombstone is null: the command may never run. */
export type Stored = { reply: Reply; events: EventMessage[] } | null;
export type Inbox = ReadonlyMap<string, Stored>;
export type InboxRow = { id: string; sagaNo: number; stored: Stored };

/**
 * Whether a command is of a saga that has ended long ago, so that the inbox may have forgotten it. One that nobody waits
 * for isn't: its saga may end, and the floor rise, while it is still on its way. It does no harm if done again.
 */
export const isOutdated = (
  { sagaNo, oneWay }: Pick<CommandMessage, 'sagaNo' | 'oneWay'>,
  floor: number,
): boolean => sagaNo < floor && !oneWay;

export type Decision = { command: CommandMessage; reply: Reply; events: EventMessage[] };

/** The inbox ids that decide whether a command is fresh. */
export const inboxIds = ({ id, sagaId, step, action }: CommandMessage): string[] =>
  action === 'undo' ? [id, commandId(sagaId, step, 'do')] : [id];

/**
 * Applies a batch in its order. Commands that the inbox knows are answered as they were; a compensation whose action
 * isn't there writes the action's tombstone.
 *
 * @param floor sagas with a smaller number have all ended, and their inbox rows may be gone
 */
export function decide<State>(
  handlers: ReadonlyMap<string, Handler<State>>,
  state: State,
  inbox: Inbox,
  floor: number,
  commands: readonly CommandMessage[],
): { decisions: Decision[]; rows: InboxRow[] } {
  const known = new Map(inbox);
  const decisions: Decision[] = [];
  const rows: InboxRow[] = [];

  const record = (id: string, sagaNo: number, stored: Stored) => {
    known.set(id, stored);
    rows.push({ id, sagaNo, stored });
  };

  for (const command of commands) {
    const { id, sagaNo } = command;
    const answer = (reply: Reply, events: EventMessage[] = []) => decisions.push({ command, reply, events });

    if (isOutdated(command, floor)) {
      answer({ outcome: 'refused', code: 'outdated', detail: 'this saga has ended long ago' });
      continue;
    }
    const stored = known.get(id);
    if (stored) {
      answer(stored.reply, stored.events);
      continue;
    }
    // A tombstone: its compensation has been here. Nobody waits for this answer any more.
    if (stored === null) continue;

    const handler = handlers.get(command.type) as Handler<State>;
    if (command.fault === 'reject') {
      const reply: Reply = { outcome: 'refused', code: 'fault-injected' };
      // Only an action's refusal is an answer for good: a compensation that fails has to be tried again.
      if (handler.kind === 'action') record(id, sagaNo, { reply, events: [] });
      answer(reply);
      continue;
    }
    if (handler.kind === 'compensation') {
      const undoes = commandId(command.sagaId, command.step, 'do');
      const done = known.get(undoes);
      if (done === undefined) record(undoes, sagaNo, null);
      const undone: { effect: 'none' | Undone['effect']; events?: EventMessage[] } =
        done?.reply.outcome === 'done'
          ? handler.run(state, command.payload as never, { ...command, undoes })
          : { effect: 'none' };
      const reply: Reply = { outcome: 'done', result: {}, effect: undone.effect };
      record(id, sagaNo, { reply, events: undone.events ?? [] });
      answer(reply, undone.events);
      continue;
    }
    const result = handler.run(state, command.payload as never, command);
    const reply: Reply =
      'done' in result
        ? { outcome: 'done', result: result.done as Record<string, unknown> }
        : { outcome: 'refused', code: result.refused, ...(result.detail && { detail: result.detail }) };
    const events = 'done' in result ? (result.events ?? []) : [];
    if (handler.kind === 'action') record(id, sagaNo, { reply, events });
    answer(reply, events);
  }
  return { decisions, rows };
}
