import { webhookEvents } from '@holdfast/shared/contracts/catalogue';
import { type EventSeen, type Facts, nameOf, type ReservationRow } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/** Each event that should be there is, at least once; none tells what never happened; the external API was told. */
export function checkEvents({ tables, messages, deliveries }: Omit<Facts, 'requests'>): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, ids: readonly string[], look: string) =>
    violations.push({ promise: 'events', what, ids, look });
  const { sagas, reservations, payments, ledger } = tables;

  const told = groupBy(messages.events, ([, { type, reason }]) => (reason ? `${type} ${reason}` : type));
  /** What an event tells of, and what it has to tell of. */
  function compare(type: string, happened: Iterable<string>): void {
    const topic = `${type.split('.')[0]}.events`;
    const missing = new Set(happened);
    for (const [id, { about }] of told.get(type) ?? []) {
      if (!missing.delete(about) && !known.has(`${type} ${about}`))
        say(`${type} tells what never happened`, [about, id], topic);
      else if (known.has(`${type} ${about}`) && once.has(type.split(' ')[0] as string))
        say(`${type} has two ids`, [about, id], topic);
      known.add(`${type} ${about}`);
    }
    for (const about of missing) say(`no ${type}`, [about], topic);
  }
  const known = new Set<string>();

  const inStatus = (...statuses: ReservationRow['status'][]): string[] =>
    [...reservations.values()].flatMap(({ reservationId, status }) =>
      statuses.includes(status) ? [reservationId] : [],
    );
  compare('reservation.held', reservations.keys());
  compare('reservation.paid', inStatus('PAID', 'REFUNDED'));
  compare('reservation.released refunded', inStatus('REFUNDED'));
  compare('reservation.released expired', inStatus('EXPIRED'));
  compare('reservation.released cancelled', inStatus('CANCELLED'));
  const completed = [...sagas.values()].filter(({ status }) => status === 'COMPLETED');
  compare(
    'payment.completed',
    completed.flatMap(({ type, paymentId }) => (type === 'pay' && paymentId !== null ? [paymentId] : [])),
  );
  compare(
    'payment.refunded',
    completed.flatMap(({ type, paymentId }) => (type === 'refund' && paymentId !== null ? [paymentId] : [])),
  );
  compare(
    'payment.cancelled',
    [...payments.values()].flatMap(({ paymentId, status }) => (status === 'CANCELLED' ? [paymentId] : [])),
  );
  for (const [event, saga] of ends) {
    const ended = completed.filter(({ type }) => type === saga);
    const endOf = new Map(ended.map(({ paymentId, endedAt }) => [paymentId, endedAt]));
    for (const [id, { about, at }] of told.get(event) ?? [])
      if (at < Math.trunc(endOf.get(about) ?? at))
        say(`${event} was told before its saga had ended`, [about, id], 'payment.events');
  }
  for (const [type, kind] of movements)
    compare(
      type,
      ledger.flatMap((entry) => (entry.kind === kind ? [entry.entryId] : [])),
    );

  const used = told.get('token.deleted used') ?? [];
  const tokens = new Set(used.map(([, { about }]) => about));
  const users = completed.filter(({ tokenHash }) => tokenHash !== null).length;
  if (tokens.size !== users)
    say(`${tokens.size} tokens were used by ${users} completed sagas`, [], 'token.events');
  for (const [service, left] of Object.entries(tables.outbox))
    if (left > 0) say(`${left} events were never relayed`, [service], `${service}.outbox`);
  return [...violations, ...undelivered(messages, deliveries)];
}

/** What is told once a saga has ended well. */
const ends = [
  ['payment.completed', 'pay'],
  ['payment.refunded', 'refund'],
] as const;

const movements = [
  ['balance.charged', 'charge'],
  ['balance.deducted', 'deduct'],
  ['balance.refunded', 'refund'],
  ['balance.credited', 'credit'],
] as const;

/** What happens once has one event, however often that is published. */
const once: ReadonlySet<string> = new Set([
  'reservation.held',
  'reservation.paid',
  'reservation.released',
  'payment.completed',
  'payment.cancelled',
  'payment.refunded',
  ...movements.map(([type]) => type),
]);

/** What the external API is told of, it has taken at least once, or it is among the dead letters. */
function undelivered(
  { events, deadLetters, offsets, deadLettered }: Facts['messages'],
  deliveries: Facts['deliveries'],
): Violation[] {
  if (!offsets.some(({ group }) => group === 'external-api')) return [];
  const violations: Violation[] = [];
  const isTold = ({ type }: EventSeen): boolean => webhookEvents.some((event) => event.type === type);
  for (const [id, event] of events)
    if (isTold(event) && !deliveries.has(id) && !deadLettered.has(id))
      violations.push({
        promise: 'events',
        what: `the external API was never told of ${event.type}`,
        ids: [id, event.about],
        look: "the orchestrator's log",
      });
  for (const id of deliveries.keys())
    if (!events.has(id))
      violations.push({
        promise: 'events',
        what: 'the external API was told of something that is on no topic',
        ids: [id, ...deadLetters.slice(0, 1).map(({ at }) => nameOf(at))],
        look: "the orchestrator's log",
      });
  return violations;
}
