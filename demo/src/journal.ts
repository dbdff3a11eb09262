import type { Held, Money, User } from '@holdfast/client/types';
import type { Answer, Request } from './api/client.ts';
import type { Hold, Repeat, Sale } from './verdicts/facts.ts';

/** What is noted while the demo runs. */
export type Journal = {
  /** Without their bodies. */
  answers: Omit<Answer<unknown>, 'body'>[];
  accounts: Map<string, Account>;
  holds: Hold[];
  /** By payment: a repeated request tells of the same one again. */
  sales: Map<string, Omit<Sale, 'found'>>;
  /** Every saga that an answer named, and whose it is. */
  sagas: Map<string, User>;
  repeats: Repeat[];
};

export type Account = { user: User; charged: Money[]; unanswered: number };

export function createJournal(): Journal {
  return {
    answers: [],
    accounts: new Map(),
    holds: [],
    sales: new Map(),
    sagas: new Map(),
    repeats: [],
  };
}

export function noteAnswer(
  journal: Journal,
  { body, ...answer }: Answer<unknown>,
  { as: user }: Pick<Request, 'as'>,
): void {
  journal.answers.push(answer);
  // Also a refusal names the saga that it comes from.
  const { sagaId } = body as { sagaId?: string };
  if (sagaId !== undefined && user) journal.sagas.set(sagaId, user);
}

export function accountOf(journal: Journal, user: User): Account {
  const known = journal.accounts.get(user.userId);
  if (known) return known;
  const account = { user, charged: [], unanswered: 0 };
  journal.accounts.set(user.userId, account);
  return account;
}

export function noteHold(journal: Journal, { userId }: User, held: Held): Hold {
  const { reservationId, concertSeatIds, holdExpiresAt } = held;
  const expiresAt = Date.parse(holdExpiresAt);
  const hold = { reservationId, concertSeatIds, userId, answeredAt: Date.now(), expiresAt };
  journal.holds.push(hold);
  return hold;
}
