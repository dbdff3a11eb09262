import type { Facts } from '../facts.ts';
import { checkAnswers } from './answers.ts';
import { checkBalances } from './balances.ts';
import { checkEvents } from './events.ts';
import { checkKeys } from './keys.ts';
import { checkLinearizable } from './linearizable.ts';
import { checkMessages } from './messages.ts';
import { checkMoney } from './money.ts';
import { checkSagas } from './sagas.ts';
import { checkSeats } from './seats.ts';
import type { Violation } from './violation.ts';

/** What a run has broken of all that was promised. */
export const check = (facts: Facts): Violation[] => [
  ...checkMoney(facts.tables),
  ...checkSeats(facts.tables),
  ...checkLinearizable(facts),
  ...checkAnswers(facts),
  ...checkBalances(facts),
  ...checkSagas(facts),
  ...checkMessages(facts),
  ...checkKeys(facts),
  ...checkEvents(facts),
];
