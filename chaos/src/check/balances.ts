import type { Facts, LedgerRow } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/**
 * What was read of a balance, and each refusal for want of money, fits a moment between question and answer. The ledger
 * gives the order of the balances; an entry was there once it was acknowledged, or once the next one was decided on.
 */
export function checkBalances({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Violation[] {
  const violations: Violation[] = [];
  const ledgers = groupBy(tables.ledger, ({ userId }) => userId);
  const told = acknowledgements({ requests, tables });
  const looks = groupBy(looksIn({ requests, tables }), ({ userId }) => userId);
  for (const [userId, ofUser] of looks) {
    const timeline = timelineOf(ledgers.get(userId) ?? [], told);
    for (const look of unexplained(timeline, ofUser))
      violations.push({
        promise: 'answers',
        what: `${look.what} fits no balance that the user had between ${time(look.sentAt)} and ${time(look.at)}`,
        ids: [userId],
        look: `balance.ledger where user_id = '${userId}' order by entry_id`,
      });
  }
  return violations;
}

type Look = { userId: string; sentAt: number; at: number; what: string; fits: (balance: number) => boolean };

function looksIn({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Look[] {
  const looks: Look[] = [];
  for (const { operation, userId, sentAt, answer } of requests.reads) {
    const amount = answer.body?.balance?.amount as number | undefined;
    if (operation === 'read-balance' && answer.status === 200 && amount !== undefined)
      looks.push({
        userId,
        sentAt,
        at: answer.at,
        what: `a balance of ${amount}`,
        fits: (found) => found === amount,
      });
  }
  for (const { operation, userId, request, sentAt, answers } of requests.writes) {
    const refused = answers.find(({ status }) => status === 402);
    const price = tables.reservations.get(String(request.reservationId))?.amount;
    if (operation === 'pay' && refused && price !== undefined)
      looks.push({
        userId,
        sentAt,
        at: refused.at,
        what: `less than ${price}`,
        fits: (found) => found < price,
      });
  }
  return looks.sort((a, b) => a.sentAt - b.sentAt);
}

/** When the client was told, by ledger entry: a charge's id, or the command's. */
function acknowledgements({ requests }: Pick<Facts, 'requests' | 'tables'>): Map<string, number> {
  const told = new Map<string, number>();
  for (const { operation, answers } of requests.writes) {
    const first = answers.find(({ status }) => status === 201);
    if (!first) continue;
    if (operation === 'charge') told.set(first.body.chargeId, first.at);
    if (operation === 'pay') told.set(`${first.body.sagaId}/deduct-balance/do`, first.at);
    if (operation === 'refund') told.set(`${first.body.sagaId}/credit-balance/do`, first.at);
  }
  return told;
}

/** The balances in their order: each can't have been seen before `from`, and must have been seen after `by`. */
type Moment = { balance: number; from: number; by: number };

function timelineOf(entries: readonly LedgerRow[], told: ReadonlyMap<string, number>): Moment[] {
  const moments: Moment[] = [{ balance: 0, from: Number.NEGATIVE_INFINITY, by: Number.NEGATIVE_INFINITY }];
  entries.forEach(({ entryId, commandId, balanceAfter, createdAt }, i) => {
    // Of a transaction that had to wait for this one's end.
    const next = entries.slice(i + 1).find((later) => later.createdAt !== createdAt);
    const committed = next ? decidedAt(next.entryId) : Number.POSITIVE_INFINITY;
    const by = Math.min(told.get(commandId ?? entryId) ?? Number.POSITIVE_INFINITY, committed);
    moments.push({ balance: balanceAfter, from: decidedAt(entryId), by });
  });
  return moments;
}

/** The milliseconds in a UUID of version 7. */
const decidedAt = (uuid: string): number => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);

/** Takes the earliest moment that fits, so that later looks, which may not go back, have the most to choose from. */
function unexplained(timeline: readonly Moment[], looks: readonly Look[]): Look[] {
  const missing: Look[] = [];
  /** Looks that were answered, by when, with the moment they saw. */
  const seen: { at: number; moment: number }[] = [];
  let known = 0;
  for (const look of looks) {
    let lowest = 0;
    while (known + 1 < timeline.length && (timeline[known + 1] as Moment).by < look.sentAt) known++;
    lowest = known;
    for (let i = seen.length - 1; i >= 0 && i >= seen.length - window; i--) {
      const { at, moment } = seen[i] as (typeof seen)[number];
      if (at < look.sentAt && moment > lowest) lowest = moment;
    }
    let found = -1;
    for (let i = lowest; i < timeline.length && (timeline[i] as Moment).from <= look.at; i++)
      if (look.fits((timeline[i] as Moment).balance)) {
        found = i;
        break;
      }
    if (found < 0) missing.push(look);
    else seen.push({ at: look.at, moment: found });
  }
  return missing;
}

/** So many of a user's looks may be under way at once. */
const window = 32;

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
