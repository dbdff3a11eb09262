import type { CommandVerdict } from '@holdfast/shared/contracts/operations';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import type { ReceivedReply } from '@holdfast/shared/messaging/protocol';
import type { StepState } from '../../engine/saga.ts';
import { type Policy, transition } from '../../engine/transition.ts';
import type { StoredSaga } from '../../runner/store.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import type { Judgement } from './shapes.ts';

/** Pure: what would become of a message, by what is known of it and of its saga. */

/** @param found by the participant; undefined where it doesn't answer */
export function judgeCommand(
  command: CommandMessage,
  found: CommandVerdict | undefined,
  saga: StoredSaga | undefined,
): Judgement {
  const { type } = command;
  switch (found) {
    case undefined:
      return { verdict: 'unknown', explanation: 'The service that would know does not answer.' };
    case 'below-floor':
      return {
        verdict: found,
        explanation: `Its saga has ended so long ago that it is turned away: nothing changes.`,
      };
    case 'already-done':
      return {
        verdict: found,
        explanation: `${type} was done before: it is answered as then, and nothing changes.`,
      };
    case 'cancelled-since':
      return {
        verdict: found,
        explanation: `Its compensation was there first: ${type} can never run, and nothing changes.`,
      };
    case 'will-run':
      return judgeFresh(command, saga);
  }
}

/** The inbox doesn't know it. */
function judgeFresh({ type, step, action }: CommandMessage, saga: StoredSaga | undefined): Judgement {
  if (!saga)
    return { verdict: 'will-run', explanation: `${type} is done. No saga here waits for its answer.` };
  const index = definitionOf(saga).steps.findIndex(({ name }) => name === step);
  const state = saga.steps[index];
  const awaited = state?.status === (action === 'do' ? 'SENT' : 'UNDOING');
  if (definitionOf(saga).steps[index]?.kind === 'read' && !awaited) {
    // A read leaves nothing in the inbox, and nobody waits for what it finds.
    const verdict = state?.status === 'DONE' ? 'already-done' : 'cancelled-since';
    return {
      verdict,
      explanation: `${type} only reads, and its saga waits for it no more: nothing changes.`,
    };
  }
  const consequence = awaited
    ? `and its saga, ${saga.status.toLowerCase()}, goes on with the answer`
    : state?.status === 'UNDOING'
      ? 'unless its compensation, which is under way, comes first; if it does not, it undoes it'
      : `its saga is ${saga.status.toLowerCase()} and does not wait for it`;
  return { verdict: 'will-run', explanation: `${type} is done, ${consequence}.` };
}

/** What the policy says doesn't matter here: only whether the reply moves the saga. */
const anyPolicy: Policy = {
  step: { attempts: 1, firstMs: 1, maxMs: 1 },
  undo: { attempts: 1, firstMs: 1, maxMs: 1 },
};

export function judgeReply(reply: ReceivedReply, saga: StoredSaga | undefined): Judgement {
  const of = `The answer to ${reply.type}`;
  if (!saga) return { verdict: 'cancelled-since', explanation: `${of}: there is no such saga here.` };
  const definition = definitionOf(saga);
  const moved = transition(
    saga,
    { kind: 'reply', ...reply },
    { definition, policy: anyPolicy, now: new Date() },
  );
  if (moved)
    return { verdict: 'will-run', explanation: `${of}: its saga, ${saga.status.toLowerCase()}, goes on.` };
  const state = saga.steps[definition.steps.findIndex(({ name }) => name === reply.step)];
  return isAnswered(state, reply.action)
    ? { verdict: 'already-done', explanation: `${of}: its saga has had it, and drops it.` }
    : { verdict: 'cancelled-since', explanation: `${of}: its saga waits for it no more, and drops it.` };
}

const isAnswered = (state: StepState | undefined, action: ReceivedReply['action']): boolean =>
  action === 'undo'
    ? state?.status === 'UNDONE'
    : [state?.status, state?.did?.status].some((status) => status === 'DONE' || status === 'REFUSED');
