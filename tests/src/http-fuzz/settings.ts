import { hold, newUser, seatSource } from '../support/client.ts';

/** Things of a user that exist, so that not every request ends with 404. */
type Things = Record<
  'concerts' | 'performances' | 'seats' | 'reservations' | 'payments' | 'sagas' | 'queueTokens',
  string[]
>;

async function makeThings(url: string): Promise<{ accessToken: string; things: Things }> {
  const user = await newUser(url, 100_000_000);
  const nextSeat = await seatSource(url);
  const held = [];
  for (let i = 0; i < 5; i++) held.push(await hold(user, nextSeat()));
  const [paid, ...unpaid] = held as [(typeof held)[number], ...typeof held];
  const { body: payment } = await user.pay(paid.reservationId);
  const { body: performances } = await user.call('GET', `/v1/concerts/${paid.concertId}/performances`);
  const queueTokens = [await user.queue({ concertId: paid.concertId })];
  for (const { reservationId } of unpaid) queueTokens.push(await user.queue({ reservationId }));
  return {
    accessToken: user.accessToken,
    things: {
      concerts: [paid.concertId],
      performances: performances.items.map(({ performanceId }: { performanceId: string }) => performanceId),
      seats: [paid.concertSeatId, ...Array.from({ length: 5 }, () => nextSeat().concertSeatId)],
      reservations: held.map(({ reservationId }) => reservationId),
      payments: [payment.paymentId],
      sagas: [payment.sagaId, ...held.map(({ sagaId }) => sagaId)],
      queueTokens,
    },
  };
}

/** Which parameters are about what. */
const parameters: [string, keyof Things][] = [
  ['path.concertId', 'concerts'],
  ['body.concertId', 'concerts'],
  ['path.performanceId', 'performances'],
  ['body.concertSeatIds[*]', 'seats'],
  ['path.reservationId', 'reservations'],
  ['body.reservationId', 'reservations'],
  ['path.paymentId', 'payments'],
  ['path.sagaId', 'sagas'],
  ['header.queue-token', 'queueTokens'],
];

/**
 * Schemathesis' configuration for a running system: who asks, what exists, and which refusals of requests that fit
 * their schema are in order. Strings and lists of them are written the same in TOML and JSON.
 */
export async function settingsFor(url: string): Promise<string> {
  const { accessToken, things } = await makeThings(url);
  return [
    // Not of refusals: where they are the right answer to what was asked, nothing is wrong.
    'warnings = false',
    `headers = { Authorization = ${JSON.stringify(`Bearer ${accessToken}`)} }`,
    // Everywhere 304: If-None-Match: *. 402: what is asked costs more than there is. 422: an Idempotency-Key that came
    // with something else before.
    ...accepted('checks'),
    '[parameters]',
    ...parameters.map(([name, of]) => `"${name}" = { dictionary = "${of}", probability = 0.6 }`),
    ...Object.entries(things).flatMap(([name, values]) => [
      `[dictionaries.${name}]`,
      `values = ${JSON.stringify(values)}`,
    ]),
    // 400: a cursor is what the page before has given, which no schema can say; and Schemathesis puts a seat of the
    // dictionary twice into a list whose schema says that each is there once.
    '[[operations]]',
    'include-path-regex = "(concerts|performances|seats|entries|/v1/reservations)$"',
    ...accepted('operations.checks', '400'),
  ].join('\n');
}

const accepted = (table: string, ...more: string[]): string[] => [
  `[${table}.positive_data_acceptance]`,
  `expected-statuses = ${JSON.stringify(['2xx', '304', '401', '402', '403', '404', '409', '422', ...more])}`,
];
