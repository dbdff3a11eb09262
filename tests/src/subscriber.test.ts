import { randomUUID } from 'node:crypto';
import { freePort } from '@holdfast/launcher/ports';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { installSubscriber, type Subscriber } from './support/subscriber.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import type { SeenRecord } from './support/topics.ts';

/** A service of somebody else's beside the running system: it follows payments, and is sent webhooks. */

const [oldSecret, newSecret] = ['old', 'new'].map(
  (name) => `whsec_${Buffer.from(`the ${name} secret of these tests`).toString('base64')}`,
) as [string, string];

let system: TestSystem;
let nextSeat: () => Seat;
let subscriber: Subscriber;

beforeAll(async () => {
  const port = await freePort();
  system = await startTestSystem('subscriber', {
    env: {
      EXTERNAL_API_URL: `http://127.0.0.1:${port}/webhooks`,
      EXTERNAL_API_SECRET: `${newSecret},${oldSecret}`,
    },
  });
  nextSeat = await system.seatSource();
  subscriber = installSubscriber(port, {
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: system.topicPrefix,
    KAFKA_GROUP: `${system.topicPrefix}sales-report`,
    // It hasn't gone over to the new one yet.
    WEBHOOK_SECRETS: oldSecret,
  });
}, 180_000);
afterAll(async () => {
  await subscriber?.remove();
  await system?.stop();
});

let sold = 0;
let revenue = 0;

async function pay(): Promise<{ user: User; reservationId: string; amount: number }> {
  const user = await newUser(system.url);
  const { reservationId, price } = await hold(user, nextSeat());
  expect((await user.pay(reservationId)).status).toBe(201);
  sold += 1;
  revenue += price.amount;
  return { user, reservationId, amount: price.amount };
}

/** All days in one: a test may run at midnight. */
async function sales(): Promise<{ sold: number; revenue: number }> {
  const { days } = await subscriber.get('/sales');
  const parts = Object.values<{ KRW: { sold: number; revenue: number } }>(days).map(({ KRW }) => KRW);
  return {
    sold: parts.reduce((sum, { sold }) => sum + sold, 0),
    revenue: parts.reduce((sum, { revenue }) => sum + revenue, 0),
  };
}

const expectSales = () => eventually(async () => expect(await sales()).toEqual({ sold, revenue }), 45_000);

const eventOf = (reservationId: string): Promise<SeenRecord> =>
  eventually(() => {
    const found = system.topics.seen.find(
      ({ headers, key }) => headers.ce_type === 'payment.completed' && key === reservationId,
    );
    expect(found).toBeDefined();
    return found as SeenRecord;
  });

test('what was paid before it came and after is in its sales, and came by webhook, signed', async () => {
  const before = await pay();
  await subscriber.start();
  const after = await pay();
  await expectSales();
  await eventually(async () => {
    const { notices } = await subscriber.get('/notices');
    for (const { reservationId } of [before, after])
      for (const type of ['reservation.held', 'payment.completed'])
        expect(notices).toContainEqual(expect.objectContaining({ type, subject: reservationId }));
  }, 60_000);
}, 120_000);

test('a refund takes its sale back, and comes by webhook', async () => {
  const { user, reservationId, amount } = await pay();
  await expectSales();
  const { status } = await user.call('POST', '/v1/refunds', { body: { reservationId }, key: randomUUID() });
  expect(status).toBe(201);
  sold -= 1;
  revenue -= amount;
  await expectSales();
  await eventually(async () => {
    const { notices } = await subscriber.get('/notices');
    expect(notices).toContainEqual(
      expect.objectContaining({ type: 'payment.refunded', subject: reservationId }),
    );
  });
}, 120_000);

test('events that come again, and such as are newer than it, change nothing; what is no event holds up nobody', async () => {
  const { reservationId } = await pay();
  const { raw } = await eventOf(reservationId);
  const data = JSON.parse(String(raw.value));
  const produce = (headers: Record<string, string>, value: unknown) =>
    system.topics.produce('payment.events', {
      ...raw,
      headers: { ...raw.headers, ...headers },
      value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    });
  await produce({}, data);
  await produce({ ce_type: 'payment.completed.v2', ce_id: 'v2', ce_supersedes: 'v1' }, { total: '1 KRW' });
  await produce({}, 'no event');
  // The additive kind of newer: it counts.
  await produce({ ce_id: 'newer', ce_region: 'seoul' }, { ...data, channel: 'box office' });
  sold += 1;
  revenue += data.price.amount;
  await pay();
  await expectSales();
  expect(subscriber.complaints()).toMatch(/payment\.events\/\d\/\d+: it is not JSON/);
}, 120_000);

test('killed and started again it counts on where it was', async () => {
  await subscriber.kill();
  await pay();
  await subscriber.start();
  await expectSales();
}, 120_000);
