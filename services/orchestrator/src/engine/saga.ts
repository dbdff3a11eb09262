import type { Fault } from '@holdfast/shared/contracts/protocol';
import type { Context } from './definition.ts';

/** A saga as its row holds it. */

/** `SETTLED`: ended by an operator's word, with something of it standing. */
type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'COMPLETED' | 'COMPENSATED' | 'PARKED' | 'SETTLED';

/**
 * PENDING → SENT → DONE | REFUSED | UNKNOWN; and, when the saga is compensated, UNDOING → UNDONE from any of them,
 * also from PENDING: an undo of what never ran is what keeps it from running.
 */
type StepStatus = 'PENDING' | 'SENT' | 'DONE' | 'REFUSED' | 'UNKNOWN' | 'UNDOING' | 'UNDONE';

export type StepState = {
  status: StepStatus;
  /** How often its command, or its undo, was sent; since an operator renewed the budget, if one did. */
  attempts: number;
  /** How often before that. */
  attemptsBefore?: number;
  /** How its action came out, once it is being undone. */
  did?: Omit<StepState, 'did'>;
  /** RFC 3339. */
  startedAt?: string;
  endedAt?: string;
};

export type Failure = {
  /** The step's failure, as in `BalanceDeductionFailed`. */
  type: string;
  step: string;
  /** `refused`: it surely didn't happen. `unknown`: nobody answered, it may have happened. */
  outcome: 'refused' | 'unknown';
  code: string;
  detail?: string;
};

export type Saga = {
  readonly sagaId: string;
  /** The fencing token. */
  readonly sagaNo: number;
  readonly type: string;
  readonly definitionVersion: number;
  readonly userId: string;
  readonly traceparent: string | undefined;
  /** In tests and demos only: the failures asked for, by the command that they are of (`balance.deduct`). */
  readonly faults: Readonly<Record<string, Fault>>;
  readonly status: SagaStatus;
  readonly context: Context;
  /** In the order of the definition's steps. */
  readonly steps: readonly StepState[];
  readonly failure: Failure | undefined;
  readonly parkedReason: string | undefined;
};

export const hasEnded = ({ status }: Pick<Saga, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'COMPENSATED' || status === 'SETTLED';
