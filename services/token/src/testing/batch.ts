import type { Command } from '@holdfast/shared/contracts/define';
import { type Action, type CommandMessage, commandId } from '@holdfast/shared/contracts/protocol';
import { type Decision, decide, type Inbox } from '@holdfast/shared/participant/decide';
import { tokenParticipant } from '../participant.ts';
import type { State, Token } from '../state.ts';

/** Rows and messages for tests: one token, one user, one saga, unless told otherwise. */

export const now = new Date('2026-11-24T12:00:00.000Z');
export const later = new Date(now.getTime() + 60_000);

export const concertId = '10000000-0000-4000-8000-000000000000';
export const reservationId = '40000000-0000-4000-8000-000000000000';
export const userId = '30000000-0000-4000-8000-000000000000';
export const saga = { sagaId: '50000000-0000-4000-8000-000000000005', sagaNo: 5 };
export const anotherSaga = { sagaId: '50000000-0000-4000-8000-000000000006', sagaNo: 6 };
export const tokenHash = 'a'.repeat(64);

export const active: Token = {
  tokenId: '60000000-0000-4000-8000-000000000000',
  tokenHash,
  userId,
  concertId,
  reservationId: null,
  status: 'ACTIVE',
  claimedBy: null,
  expiresAt: later,
};

export const activeToPay: Token = { ...active, concertId: null, reservationId };

type Saga = { sagaId: string; sagaNo: number };

/** The message that asks for `command`, as the only step of its saga. */
export const todo = (command: Command, payload: Record<string, unknown>, by: Saga = saga): CommandMessage =>
  message(command, 'do', payload, by);

/** The message that asks to undo what {@link todo} of the same saga has asked for. */
export const undo = (command: Command, payload: Record<string, unknown>, by: Saga = saga): CommandMessage =>
  message(command, 'undo', payload, by);

function message(
  { type }: Command,
  action: Action,
  payload: Record<string, unknown>,
  { sagaId, sagaNo }: Saga,
): CommandMessage {
  const step = 'step';
  return { id: commandId(sagaId, step, action), type, sagaId, sagaNo, step, action, payload };
}

const handlers = new Map(tokenParticipant.handlers.map((handler) => [handler.command.type, handler]));

/** Applies a batch to `state`, as production does. */
export const apply = (
  state: State,
  commands: readonly CommandMessage[],
  inbox: Inbox = new Map(),
): Decision[] => decide(handlers, state, inbox, 0, commands).decisions;

/** What the inbox says of an action that has run. */
export const hasRun = ({ id }: CommandMessage): Inbox =>
  new Map([[id, { reply: { outcome: 'done', result: {} }, events: [] }]]);
