import type { Command } from '../contracts/define.ts';
import { type Action, type CommandMessage, commandId } from '../contracts/protocol.ts';
import { type Decision, decide, type Handler, type Inbox } from '../participant/decide.ts';

/** A participant's commands in tests, without Kafka or Postgres. */

export type TestSaga = { sagaId: string; sagaNo: number };

export const saga: TestSaga = { sagaId: '50000000-0000-4000-8000-000000000005', sagaNo: 5 };
export const laterSaga: TestSaga = { sagaId: '50000000-0000-4000-8000-000000000006', sagaNo: 6 };

/** The message that asks for an action. */
export const todo = (
  command: Command,
  payload: Record<string, unknown>,
  by: TestSaga = saga,
): CommandMessage => message(command, 'do', payload, by);

/** The message that asks to undo what {@link todo} of the same saga has asked for. */
export const undo = (
  command: Command,
  payload: Record<string, unknown>,
  by: TestSaga = saga,
): CommandMessage => message(command, 'undo', payload, by);

function message(
  { type }: Command,
  action: Action,
  payload: Record<string, unknown>,
  { sagaId, sagaNo }: TestSaga,
): CommandMessage {
  const step = 'step';
  return { id: commandId(sagaId, step, action), type, sagaId, sagaNo, step, action, payload };
}

/** Applies batches to a state in memory, as a participant with these handlers does. */
export function applying<State>(handlers: readonly Handler<State>[]) {
  const byType = new Map(handlers.map((handler) => [handler.command.type, handler]));
  return (state: State, commands: readonly CommandMessage[], inbox: Inbox = new Map()): Decision[] =>
    decide(byType, state, inbox, 0, commands).decisions;
}

/** What the inbox says of an action that has run. */
export const hasRun = ({ id }: CommandMessage): Inbox =>
  new Map([[id, { reply: { outcome: 'done', result: {} }, events: [] }]]);
