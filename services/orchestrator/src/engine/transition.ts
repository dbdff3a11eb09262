import type { Action, Reply } from '@holdfast/shared/contracts/protocol';
import type { SagaDefinition, Step } from './definition.ts';
import { type Failure, hasEnded, type Saga, type StepState } from './saga.ts';

/** The saga's transition: pure, so that the runner, the simulator and the property tests share it. */

/** Times in ms. An attempt's time doubles from one to the next, up to `maxMs`. */
type Patience = { attempts: number; firstMs: number; maxMs: number };
export type Policy = {
  /** For a step: after the last attempt its outcome is unknown, and the saga is compensated. */
  step: Patience;
  /** For a compensation: after the last attempt the saga is parked for an operator. */
  undo: Patience;
};

export type Input =
  | { kind: 'reply'; step: string; action: Action; reply: Reply }
  /** The time that the last transition gave has run out. */
  | { kind: 'timeout' }
  | { kind: 'operator'; decision: OperatorDecision };

/** How a participant found a step's compensation that was closed: see contracts/operations.ts. */
type Effect = 'none' | 'undone' | 'stands';

/**
 * - `retry`: what is without an answer is sent again, with a new budget. In whichever direction the saga is going: once
 *   a compensation has been sent its tombstone may stand, and no step can be run forwards any more.
 * - `compensate`: a running saga's step is given up, as of unknown outcome; otherwise the same as `retry`.
 * - `settle`: a parked saga ends by hand. By now its participants have closed all that was unanswered, and say how
 *   they found it, by the step's name.
 */
export type OperatorDecision =
  | { do: 'retry' | 'compensate' }
  | { do: 'settle'; effects: Readonly<Record<string, Effect>> };

/** Which commands to send. What follows a saga's end is in its definition. */
export type Send = { step: Step; action: Action };

export type Transition = {
  saga: Saga;
  sends: readonly Send[];
  /** Until when an answer is waited for, in ms from now; null when none is. */
  waitMs: number | null;
};

type Env = { definition: SagaDefinition; policy: Policy; now: Date };

/** A new saga, with its first stage sent. */
export function begin(
  saga: Omit<Saga, 'status' | 'steps' | 'failure' | 'parkedReason'>,
  env: Env,
): Transition {
  const steps = env.definition.steps.map((): StepState => ({ status: 'PENDING', attempts: 0 }));
  return goOn({ ...saga, status: 'RUNNING', steps, failure: undefined, parkedReason: undefined }, env);
}

/** What the input makes of the saga; undefined where it is none of its business: a copy, late, or of another step. */
export function transition(saga: Saga, input: Input, env: Env): Transition | undefined {
  if (hasEnded(saga)) return undefined;
  if (input.kind === 'timeout') return onTimeout(saga, env);
  if (input.kind === 'operator') return onDecision(saga, input.decision, env);
  const index = env.definition.steps.findIndex(({ name }) => name === input.step);
  if (index < 0) return undefined;
  return input.action === 'do'
    ? onReply(saga, index, input.reply, env)
    : onUndone(saga, index, input.reply, env);
}

/** The commands that are without an answer: what is sent again after a crash. */
export function unanswered(saga: Saga, definition: SagaDefinition): Send[] {
  const waiting = hasEnded(saga) ? undefined : saga.status === 'RUNNING' ? 'SENT' : 'UNDOING';
  return definition.steps.flatMap((step, i): Send[] =>
    saga.steps[i]?.status === waiting ? [{ step, action: waiting === 'SENT' ? 'do' : 'undo' }] : [],
  );
}

function onReply(saga: Saga, index: number, reply: Reply, env: Env): Transition | undefined {
  if (saga.status !== 'RUNNING' || saga.steps[index]?.status !== 'SENT') return undefined;
  if (reply.outcome === 'refused') {
    const { code, detail } = reply;
    const how = { outcome: reply.outcome, code, ...(detail !== undefined && { detail }) };
    return goOn(withFailure(mark(saga, [index], 'REFUSED', env), index, how, env), env);
  }
  const context = { ...saga.context, ...env.definition.steps[index]?.keep(reply.result) };
  return goOn(mark({ ...saga, context }, [index], 'DONE', env), env);
}

/** Nothing is decided before a whole stage is answered: so the same request fails for the same reason. */
function goOn(saga: Saga, env: Env): Transition {
  const waiting = indexesOf(saga, 'SENT');
  if (waiting.length > 0) return { saga, sends: [], waitMs: waitFor(saga, waiting, env.policy.step) };
  if (saga.failure) return compensate(saga, env);
  const { steps } = env.definition;
  const stage = steps[saga.steps.findIndex(({ status }) => status === 'PENDING')]?.stage;
  if (stage === undefined) return end(saga, 'COMPLETED');
  return sendSteps(
    saga,
    steps.flatMap((step, i) => (step.stage === stage ? [i] : [])),
    env,
  );
}

function onTimeout(saga: Saga, env: Env): Transition {
  if (saga.status === 'RUNNING') {
    const waiting = indexesOf(saga, 'SENT');
    if ((saga.steps[waiting[0] as number] as StepState).attempts < env.policy.step.attempts)
      return sendSteps(saga, waiting, env);
    return giveUp(saga, waiting, 'timeout', env);
  }
  const waiting = indexesOf(saga, 'UNDOING');
  const attempts = (saga.steps[waiting[0] as number] as StepState).attempts;
  if (saga.status === 'COMPENSATING' && attempts < env.policy.undo.attempts)
    return sendUndos(saga, waiting, env);
  const names = waiting.map((i) => env.definition.steps[i]?.undo?.type).join(', ');
  return {
    saga: {
      ...saga,
      status: 'PARKED',
      parkedReason: `not acknowledged after ${attempts} attempts: ${names}`,
    },
    sends: [],
    waitMs: null,
  };
}

function onDecision(saga: Saga, decision: OperatorDecision, env: Env): Transition | undefined {
  if (decision.do === 'settle') return settle(saga, decision.effects, env);
  if (saga.status !== 'RUNNING') {
    const waiting = indexesOf(saga, 'UNDOING');
    return sendUndos(withNewBudget(saga, waiting), waiting, env);
  }
  const sent = indexesOf(saga, 'SENT');
  if (decision.do === 'retry') return sendSteps(withNewBudget(saga, sent), sent, env);
  return giveUp(saga, sent, 'given-up', env);
}

/** What was closed counts as acknowledged. Where an action stands that should have been undone, the end says so. */
function settle(saga: Saga, effects: Readonly<Record<string, Effect>>, env: Env): Transition | undefined {
  if (saga.status !== 'PARKED') return undefined;
  const closed = indexesOf(saga, 'UNDOING').map((index) => {
    const { name, kind } = env.definition.steps[index] as Step;
    return { index, pivot: kind === 'pivot', effect: effects[name] };
  });
  if (closed.some(({ effect }) => effect === undefined)) return undefined;
  const standing = closed.filter(({ effect }) => effect === 'stands');
  const undone = closed.filter(({ effect }) => effect !== 'stands');
  const indexes = (of: typeof closed): number[] => of.map(({ index }) => index);
  const settled = mark(mark(saga, indexes(standing), 'DONE', env), indexes(undone), 'UNDONE', env);
  if (standing.some(({ pivot }) => pivot)) return end(settled, 'COMPLETED');
  if (undone.some(({ pivot }) => pivot)) return compensate(settled, env);
  return end(settled, standing.length > 0 ? 'SETTLED' : 'COMPENSATED');
}

function giveUp(saga: Saga, indexes: number[], code: string, env: Env): Transition {
  const index = indexes[0] as number;
  const how = { outcome: 'unknown', code } as const;
  const failed = withFailure(mark(saga, indexes, 'UNKNOWN', env), index, how, env);
  // Whether the pivot has run decides between completing and compensating, so that is settled first.
  if (env.definition.steps[index]?.kind === 'pivot') return sendUndos(failed, [index], env);
  return compensate(failed, env);
}

/** Of several failures in one stage that of the step that the definition names first counts, whichever came first. */
function withFailure(
  saga: Saga,
  index: number,
  how: Pick<Failure, 'outcome' | 'code' | 'detail'>,
  { definition: { steps } }: Env,
): Saga {
  const { name, failure } = steps[index] as Step;
  const before = steps.findIndex((step) => step.name === saga.failure?.step);
  return before >= 0 && before < index ? saga : { ...saga, failure: { type: failure, step: name, ...how } };
}

/** The failure's kind picks the compensations: all main steps but the one that surely failed, and the claims made. */
function compensate(saga: Saga, env: Env): Transition {
  const { steps } = env.definition;
  const failed = steps.find(({ name }) => name === saga.failure?.step) as Step;
  const indexes = steps.flatMap((step, i) => {
    const status = saga.steps[i]?.status;
    if (!step.undo || status === 'REFUSED' || status === 'UNDONE') return [];
    return (isMain(step) ? isMain(failed) : step.stage <= failed.stage) ? [i] : [];
  });
  return indexes.length > 0 ? sendUndos(saga, indexes, env) : end(saga, 'COMPENSATED');
}

function onUndone(saga: Saga, index: number, reply: Reply, env: Env): Transition | undefined {
  // Also after it was parked: an acknowledgement that comes late still ends the saga.
  if (saga.steps[index]?.status !== 'UNDOING') return undefined;
  // A compensation can't be refused for good: it is sent again when its time has run out.
  if (reply.outcome === 'refused') return undefined;
  if (reply.effect === 'stands') {
    // Only a pivot may stand. Anything else that can't be undone is for an operator to look at, who gets it parked.
    const settled = env.definition.steps[index]?.kind === 'pivot';
    return settled ? end(mark(saga, [index], 'DONE', env), 'COMPLETED') : undefined;
  }
  const undone = mark(saga, [index], 'UNDONE', env);
  const waiting = indexesOf(undone, 'UNDOING');
  if (waiting.length > 0)
    return {
      saga: undone,
      sends: [],
      waitMs: saga.status === 'PARKED' ? null : waitFor(undone, waiting, env.policy.undo),
    };
  return env.definition.steps[index]?.kind === 'pivot' ? compensate(undone, env) : end(undone, 'COMPENSATED');
}

const isMain = ({ kind }: Step): boolean => kind === 'write' || kind === 'pivot';

function sendSteps(saga: Saga, indexes: number[], env: Env): Transition {
  const sent = mark(saga, indexes, 'SENT', env);
  return {
    saga: sent,
    sends: indexes.map((i) => ({ step: env.definition.steps[i] as Step, action: 'do' })),
    waitMs: waitFor(sent, indexes, env.policy.step),
  };
}

function sendUndos(saga: Saga, indexes: number[], env: Env): Transition {
  const sent = mark({ ...saga, status: 'COMPENSATING', parkedReason: undefined }, indexes, 'UNDOING', env);
  return {
    saga: sent,
    sends: indexes.map((i) => ({ step: env.definition.steps[i] as Step, action: 'undo' })),
    waitMs: waitFor(sent, indexes, env.policy.undo),
  };
}

const end = (saga: Saga, status: 'COMPLETED' | 'COMPENSATED' | 'SETTLED'): Transition => ({
  saga: {
    ...saga,
    status,
    failure: status === 'COMPLETED' ? undefined : saga.failure,
    parkedReason: undefined,
  },
  sends: [],
  waitMs: null,
});

const indexesOf = (saga: Saga, status: StepState['status']): number[] =>
  saga.steps.flatMap((step, i) => (step.status === status ? [i] : []));

/** All that are waited for were sent as often. */
function waitFor(saga: Saga, [index = -1]: number[], { firstMs, maxMs }: Patience): number {
  const attempts = saga.steps[index]?.attempts ?? 1;
  return Math.min(firstMs * 2 ** (attempts - 1), maxMs);
}

function mark(saga: Saga, indexes: number[], status: StepState['status'], { now }: Env): Saga {
  const at = now.toISOString();
  const steps = saga.steps.map((step, i): StepState => {
    if (!indexes.includes(i)) return step;
    if (status !== 'SENT' && status !== 'UNDOING') return { ...step, status, endedAt: at };
    if (step.status === status)
      return { ...step, attempts: step.attempts + 1, startedAt: step.startedAt ?? at };
    return { status, attempts: 1, startedAt: at, ...(step.status !== 'PENDING' && { did: step }) };
  });
  return { ...saga, steps };
}

const withNewBudget = (saga: Saga, indexes: number[]): Saga => ({
  ...saga,
  steps: saga.steps.map((step, i) =>
    indexes.includes(i)
      ? { ...step, attempts: 0, attemptsBefore: (step.attemptsBefore ?? 0) + step.attempts }
      : step,
  ),
});
