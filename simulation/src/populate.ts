import type { Tables } from './check.ts';
import { sagaTables } from './orchestrator/tables.ts';
import { balanceTables } from './participants/balance.ts';
import { paymentTables } from './participants/payment.ts';
import { reservationTables } from './participants/reservation.ts';
import { tokenTables } from './participants/token.ts';
import type { Random } from './world/random.ts';

const currency = 'KRW';

/** Few users, not all of them rich, and few seats: whoever comes has rivals. */
export function populate(random: Random): {
  tables: Tables;
  users: string[];
  seats: string[];
  concertId: string;
} {
  const tables: Tables = {
    ...sagaTables(),
    ...balanceTables(),
    ...paymentTables(),
    ...reservationTables(),
    ...tokenTables(),
  };
  const concertId = random.uuid();
  const users = Array.from({ length: 40 }, random.uuid);
  const seats = Array.from({ length: 90 }, random.uuid);
  for (const userId of users) {
    const balance = Math.floor(random.between(1, 60));
    tables.accounts.set(userId, { userId, currency, balance, entries: 1 });
    tables.ledger.push({
      entryId: userId,
      userId,
      entryNo: 1,
      kind: 'charge',
      amount: balance,
      currency,
      balanceAfter: balance,
      commandId: null,
      chargeKey: 'populated',
      reservationId: null,
    });
  }
  for (const concertSeatId of seats)
    tables.seats.set(concertSeatId, {
      concertSeatId,
      concertId,
      performanceId: concertId,
      price: { amount: random.pick([0, 5, 10, 15]), currency },
      status: 'AVAILABLE',
      reservationId: null,
      fence: 0,
    });
  return { tables, users, seats, concertId };
}
