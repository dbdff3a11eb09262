import Type, { type Static } from 'typebox';
import { Currency, Timestamp, Uuid } from './values.ts';

/** What the orchestrator asks a participant for its operators, over HTTP, with the operator's own access token. */

const Id = Type.String({ minLength: 1, maxLength: 128 });
const SagaNo = Type.Integer({ minimum: 0 });

/** What would become of these commands if they came (again) now. At most 200 at once. */
export const VerdictRequest = Type.Object(
  {
    commands: Type.Array(
      Type.Object({
        id: Id,
        sagaNo: SagaNo,
        oneWay: Type.Boolean({ description: 'nobody waits for an answer' }),
      }),
      { maxItems: 200 },
    ),
  },
  { additionalProperties: false },
);

/**
 * `will-run`: the inbox doesn't know it. `already-done`: it has, and would answer the same. `cancelled-since`: its
 * tombstone stands. `below-floor`: its saga has ended too long ago.
 */
export const CommandVerdict = Type.Enum(['will-run', 'already-done', 'cancelled-since', 'below-floor']);
export type CommandVerdict = Static<typeof CommandVerdict>;
export const VerdictAnswer = Type.Object({ verdicts: Type.Array(CommandVerdict) });

/** Steps whose compensation is without an answer, to be closed: neither action nor compensation runs from now on. */
export const ClosureRequest = Type.Object(
  {
    sagaId: Uuid,
    sagaNo: SagaNo,
    steps: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 20 }),
  },
  { additionalProperties: false },
);

/** `none`: it had not run and never will. `undone`: it had been undone. `stands`: it had run and stays so. */
export const Effect = Type.Enum(['none', 'undone', 'stands']);
export type Effect = Static<typeof Effect>;
export const ClosureAnswer = Type.Object({ effects: Type.Array(Effect) });

/** How a participant is, apart from being ready. */
export const Condition = Type.Object({
  now: Timestamp,
  databaseNow: Timestamp,
  outbox: Type.Object({ waiting: Type.Integer(), oldestMs: Type.Integer() }),
  floor: Type.Integer({ description: 'sagas with a smaller number have all ended' }),
});
export type Condition = Static<typeof Condition>;

/** A user whose balance isn't what their entries in the ledger make it. */
const LedgerFinding = Type.Object({
  userId: Uuid,
  balanceOff: Type.Integer({ description: 'minor units that the account has more than its entries' }),
  entriesOff: Type.Integer({ description: 'entries that the account counts more than there are' }),
  chained: Type.Boolean({
    description: 'each entry continues the one before it, in the currency of the account',
  }),
});
export type LedgerFinding = Static<typeof LedgerFinding>;

/** One walk through all accounts, which adds up what has come to the ledger since the walk before. */
export const LedgerCheck = Type.Object({
  checkId: Type.Integer(),
  full: Type.Boolean({ description: 'from the first entry of the ledger on' }),
  startedAt: Timestamp,
  endedAt: Type.Optional(Type.String({ ...Timestamp, description: 'absent while it is under way' })),
  accounts: Type.Integer({ description: 'how many it has looked at' }),
  entries: Type.Integer({ description: 'how many it has added up' }),
  unbalanced: Type.Integer({ description: 'accounts that are not what their entries make them' }),
  findings: Type.Array(LedgerFinding, { description: 'the first hundred of these' }),
  totals: Type.Array(
    Type.Object({
      currency: Currency,
      account: Type.String({ description: 'user: all users together' }),
      balance: Type.String({ description: 'minor units; of a currency they add up to zero' }),
    }),
    { description: 'what the accounts held by the entries that are in order, once it has ended' },
  ),
});
export type LedgerCheck = Static<typeof LedgerCheck>;

export const LedgerChecks = Type.Object({
  overdue: Type.Boolean({ description: 'none has ended for more than twice the time between two' }),
  checks: Type.Array(LedgerCheck, { description: 'the last ones, the newest first' }),
});
export type LedgerChecks = Static<typeof LedgerChecks>;

export const NewLedgerCheck = Type.Object(
  { full: Type.Optional(Type.Boolean({ description: 'from the first entry of the ledger on' })) },
  { additionalProperties: false },
);

export const operationPaths = {
  verdicts: '/ops/v1/verdicts',
  closures: '/ops/v1/closures',
  condition: '/ops/v1/condition',
  ledgerChecks: '/ops/v1/ledger-checks',
} as const;

/** For the types of what is asked. */
export type Commands = Static<typeof VerdictRequest>['commands'];
export type Closure = Static<typeof ClosureRequest>;
