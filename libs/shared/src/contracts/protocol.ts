import Type, { type Static } from 'typebox';
import type { DomainEvent } from './define.ts';

/**
 * The saga protocol: how a command and its reply look, whatever they are about.
 *
 * Ids are deterministic, so that sending again is always safe: a command's is saga, step and action.
 */

export const Action = Type.Enum(['do', 'undo']);
export type Action = Static<typeof Action>;

/** Failures on demand, in tests and demos only. `timeout-after` does the work and never answers. */
export const Fault = Type.Enum([
  'reject',
  'timeout',
  'timeout-after',
  'crash-before',
  'crash-after',
  'crash-after-publish',
  'crash-before-offset',
]);
export type Fault = Static<typeof Fault>;

export type CommandMessage = {
  id: string;
  /** `<service>.<command>`. */
  type: string;
  sagaId: string;
  /** The fencing token: drawn once the saga has the seat, so that a later saga's is larger. */
  sagaNo: number;
  step: string;
  action: Action;
  traceparent?: string;
  /** Nobody waits for an answer. */
  oneWay?: boolean;
  fault?: Fault;
  payload: Record<string, unknown>;
};

/**
 * `done` with an effect says how a compensation found things: `none`, the action had not run and now never will;
 * `undone`, it had run and is undone; `stands`, it had run and stays so (a pivot can't be undone).
 */
export const Reply = Type.Union([
  Type.Object({
    outcome: Type.Literal('done'),
    result: Type.Record(Type.String(), Type.Unknown()),
    effect: Type.Optional(Type.Enum(['none', 'undone', 'stands'])),
  }),
  Type.Object({
    outcome: Type.Literal('refused'),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
  }),
]);
export type Reply = Static<typeof Reply>;

export type ReplyMessage = {
  /** The command's type. */
  type: string;
  sagaId: string;
  step: string;
  action: Action;
  reply: Reply;
};

/** What has happened, on its way to a service's events topic. */
export type EventMessage = { type: string; key: string; data: Record<string, unknown> };

export function occurred<Data extends object>(event: DomainEvent<Data>, data: Data): EventMessage {
  const record = data as Record<string, unknown>;
  return { type: event.type, key: String(record[event.key]), data: record };
}

export const commandId = (sagaId: string, step: string, action: Action): string =>
  `${sagaId}/${step}/${action}`;

/** Sent now and then to every participant: sagas below this number have all ended. */
export const raiseFloorType = 'inbox.raise-floor';
export const RaiseFloor = Type.Object({ floor: Type.Integer({ minimum: 0 }) });
