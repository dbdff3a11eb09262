import type { Command, DomainEvent } from '@holdfast/shared/contracts/define';

/** How a saga is written down. The engine knows nothing else of what it is about. */

export type Context = Record<string, unknown>;

/**
 * - `claim`: reads and reserves the right to go on (a semantic lock). Undone on every failure.
 * - `read`: only reads.
 * - `write`: a main step, a local transaction of its own. Undone when another main step fails.
 * - `pivot`: the last main step. Once it has run the saga completes; its undo only settles whether it has.
 */
type StepKind = 'claim' | 'read' | 'write' | 'pivot';

export type Step = {
  readonly name: string;
  readonly kind: StepKind;
  readonly command: Command;
  readonly undo: Command | undefined;
  /** What this step's failure is called. */
  readonly failure: string;
  /** The command's payload. The undo's is those of its properties that the undo's schema names. */
  readonly send: (context: Context) => Record<string, unknown>;
  /** What of the result later steps need. */
  readonly keep: (result: Record<string, unknown>) => Context;
};

type AfterCommit =
  | {
      readonly name: string;
      readonly command: Command;
      readonly send: (context: Context) => Record<string, unknown>;
    }
  | { readonly event: DomainEvent; readonly data: (context: Context) => Record<string, unknown> };

export type SagaDefinition = {
  readonly type: string;
  /** Raised when the steps change: a saga in flight ends by the definition that it began with. */
  readonly version: number;
  /** What it works on alone: all of these, or it doesn't begin. In any order. */
  readonly lockKeys: (context: Context) => string[];
  readonly steps: readonly Step[];
  /** Sent once the saga has completed; nothing waits for it. */
  readonly afterCommit: readonly AfterCommit[];
  /** What the client gets. */
  readonly result: (context: Context) => Record<string, unknown>;
};

type StepContract<C, P, R, Kept extends object> = {
  send: (context: C) => P;
  keep?: (result: R) => Kept;
  failure: string;
};
// biome-ignore lint/complexity/noBannedTypes: nothing kept adds nothing to the context
type Nothing = {};

type AddStep<C extends object, Undoing> = <P, R, Kept extends object = Nothing>(
  name: string,
  command: Command<P, R>,
  contract: StepContract<C, P, R, Kept> & Undoing,
) => SagaBuilder<C & Kept>;
type Undoable = { undo: Command };

/** Collects the steps in order; what a step keeps is in the context, and in its type, from the next step on. */
export type SagaBuilder<C extends object> = {
  claim: AddStep<C, Undoable>;
  read: AddStep<C, unknown>;
  write: AddStep<C, Undoable>;
  pivot: AddStep<C, Undoable>;
  /** The command has to be harmless when it is done again, however late: nobody waits for it. */
  thenSend: <P>(name: string, command: Command<P>, contract: { send: (context: C) => P }) => SagaBuilder<C>;
  thenPublish: <D>(event: DomainEvent<D>, data: (context: C) => D) => SagaBuilder<C>;
  result: (result: (context: C) => Record<string, unknown>) => SagaDefinition;
};

export function defineSaga<C extends object>(
  type: string,
  { version, lockKeys }: { version: number; lockKeys: (context: C) => string[] },
): SagaBuilder<C> {
  const steps: Step[] = [];
  const afterCommit: AfterCommit[] = [];

  const add =
    (kind: StepKind) =>
    (name: string, command: Command, contract: Partial<Step> & Pick<Step, 'send' | 'failure'>) => {
      steps.push({
        name,
        kind,
        command,
        undo: contract.undo,
        failure: contract.failure,
        send: contract.send,
        keep: contract.keep ?? (() => ({})),
      });
      return builder;
    };
  const builder = {
    claim: add('claim'),
    read: add('read'),
    write: add('write'),
    pivot: add('pivot'),
    thenSend: (name: string, command: Command, { send }: Pick<Step, 'send'>) => {
      afterCommit.push({ name, command, send });
      return builder;
    },
    thenPublish: (event: DomainEvent, data: (context: Context) => Record<string, unknown>) => {
      afterCommit.push({ event, data });
      return builder;
    },
    result: (result: SagaDefinition['result']): SagaDefinition => ({
      type,
      version,
      lockKeys: lockKeys as SagaDefinition['lockKeys'],
      steps,
      afterCommit,
      result,
    }),
  };
  return builder as unknown as SagaBuilder<C>;
}
