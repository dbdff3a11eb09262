import { distinctUsers, fewUsers, type UserPool } from './prepare.ts';

export const scenarioNames = ['distinct', 'hot', 'stampede', 'compensating', 'killed'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export type Scenario = {
  name: ScenarioName;
  title: string;
  about: string;
  users: () => UserPool;
  /** Of the payments, how many are made to fail at the last step. */
  failing: number;
  /** Holds of seats instead of payments, so many buyers for each. */
  buyersPerSeat?: number;
  /** How often a participant, or the contender's only process, is killed by -9, s. */
  killEvery?: number;
};

const of = (
  name: ScenarioName,
  title: string,
  about: string,
  own: Partial<Scenario> = {},
): [ScenarioName, Scenario] => [name, { name, title, about, users: () => distinctUsers, failing: 0, ...own }];

export const scenarios = Object.fromEntries([
  of('distinct', 'Distinct users', 'Each payment is of a user of its own.'),
  of('hot', 'Hot balances', 'All payments are off ten balances.', { users: () => fewUsers(10) }),
  of(
    'stampede',
    'Stampede',
    'A thousand buyers, each with a token, want the same seat, then the next: holds, not payments, for only a hold is contended. One of a thousand succeeds; what counts is an answer.',
    { buyersPerSeat: 1_000 },
  ),
  of('compensating', 'Compensating', '30% of the payments are refused at the last step, and undone.', {
    failing: 0.3,
  }),
  of(
    'killed',
    'Killed',
    'Every five seconds one of the participants, in turn, is killed by -9; of the others their one process. A client asks again, with the same key, until it is answered.',
    { killEvery: 5 },
  ),
]) as Record<ScenarioName, Scenario>;

/** Whether the payment with this number is one that fails: spread evenly. */
export const isFailing = (i: number, share: number): boolean =>
  Math.floor((i + 1) * share + 1e-9) > Math.floor(i * share + 1e-9);
