import { nothingUnexpected, repeatsAgree } from './conduct.ts';
import { noLockOnSeats, noLockRows, sagasEnded } from './ends.ts';
import type { Facts } from './facts.ts';
import { moneyConserved } from './money.ts';
import { heldByOne, soldOnce, somethingSold } from './seats.ts';
import type { Verdict } from './verdict.ts';

/** Whether the promises were kept. Pure: the facts decide. */
export const verdictsOn = (facts: Facts): Verdict[] => [
  soldOnce(facts),
  heldByOne(facts),
  moneyConserved(facts),
  sagasEnded(facts),
  noLockOnSeats(facts),
  noLockRows(facts),
  repeatsAgree(facts),
  nothingUnexpected(facts),
  somethingSold(facts),
];

/** What couldn't be looked at fails nothing: the table says so. */
export const allHold = (verdicts: readonly Verdict[]): boolean =>
  verdicts.every(({ holds }) => holds !== false);
