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
  /** Steps of one stage are sent at once, and the next stage's when all of them are done. Stages are numbered from 0. */
  readonly stage: number;
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

type Undoable = { undo: Command };

type AddStep<C extends object, Undoing> = <P, R, Kept extends object = Nothing>(
  name: string,
  command: Command<P, R>,
  contract: StepContract<C, P, R, Kept> & Undoing,
) => SagaBuilder<C & Kept>;

/** What its steps keep is `Kept`; what they send is of what was kept before. */
type Stage<C extends object, Kept extends object = Nothing> = {
  claim: AddToStage<C, Kept, Undoable>;
  read: AddToStage<C, Kept, unknown>;
};
type AddToStage<C extends object, Kept extends object, Undoing> = <P, R, K extends object = Nothing>(
  name: string,
  command: Command<P, R>,
  contract: StepContract<C, P, R, K> & Undoing,
) => Stage<C, Kept & K>;

/** Collects the steps in order; what a step keeps is in the context, and in its type, from the next stage on. */
export type SagaBuilder<C extends object> = {
  claim: AddStep<C, Undoable>;
  read: AddStep<C, unknown>;
  write: AddStep<C, Undoable>;
  pivot: AddStep<C, Undoable>;
  /** Makes one stage of claims and reads, none of which needs what another keeps. */
  atOnce: <Kept extends object>(add: (stage: Stage<C>) => Stage<C, Kept>) => SagaBuilder<C & Kept>;
  /** The command has to be harmless when it is done again, however late: nobody waits for it. */
  thenSend: <P>(name: string, command: Command<P>, contract: { send: (context: C) => P }) => SagaBuilder<C>;
  thenPublish: <D>(event: DomainEvent<D>, data: (context: C) => D) => SagaBuilder<C>;
  result: (result: (context: C) => Record<string, unknown>) => SagaDefinition;
};

type NewStep = [name: string, command: Command, contract: Partial<Step> & Pick<Step, 'send' | 'failure'>];

export function defineSaga<C extends object>(
  type: string,
  { version, lockKeys }: { version: number; lockKeys: (context: C) => string[] },
): SagaBuilder<C> {
  const steps: Step[] = [];
  const afterCommit: AfterCommit[] = [];

  let stage = 0;

  const inNextStage =
    (kind: StepKind) =>
    (...step: NewStep) => {
      add(kind, ...step);
      stage++;
      return builder;
    };
  const inThisStage =
    (kind: StepKind) =>
    (...step: NewStep) => {
      add(kind, ...step);
      return together;
    };
  function add(kind: StepKind, ...[name, command, contract]: NewStep): void {
    steps.push({
      name,
      kind,
      stage,
      command,
      undo: contract.undo,
      failure: contract.failure,
      send: contract.send,
      keep: contract.keep ?? (() => ({})),
    });
  }
  const together = { claim: inThisStage('claim'), read: inThisStage('read') };
  const builder = {
    claim: inNextStage('claim'),
    read: inNextStage('read'),
    write: inNextStage('write'),
    pivot: inNextStage('pivot'),
    atOnce: (addAll: (stage: typeof together) => unknown) => {
      addAll(together);
      stage++;
      return builder;
    },
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

/** The same steps as another version has them, but one after the other. */
export const oneByOne = (definition: SagaDefinition, version: number): SagaDefinition => ({
  ...definition,
  version,
  steps: definition.steps.map((step, stage) => ({ ...step, stage })),
});
