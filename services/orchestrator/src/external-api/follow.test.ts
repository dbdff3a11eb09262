import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { paymentCompleted } from '@holdfast/shared/contracts/payment';
import { occurred } from '@holdfast/shared/contracts/protocol';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Consumption } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { encodeEvent } from '@holdfast/shared/messaging/protocol';
import { deadLetterTopic, eventsTopic } from '@holdfast/shared/messaging/topics';
import { createLogger } from '@holdfast/shared/process/logger';
import { eventually } from '@holdfast/shared/testing/eventually';
import { connectTestKafka, record } from '@holdfast/shared/testing/kafka';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { followEvents } from './follow.ts';
import { type Receiver, receiver } from './receiver.ts';

const attempts = 2;
const callTimeoutMs = 2_000;
const log = createLogger({ service: 'test', level: 'silent' });

/** Who is told: takes an event, or answers what is asked for its id. */
const taken: string[] = [];
/** The ids that it was asked to take, as often as it was. */
const asked: string[] = [];
let statusOf: (id: string) => number = () => 204;
const server = createServer(async (request, response) => {
  const id = String(request.headers['webhook-id']);
  asked.push(id);
  const status = statusOf(id);
  if (status === 204) taken.push(id);
  request.resume().on('end', () => response.writeHead(status).end());
});

let kafka: KafkaConnection;
let letters: Awaited<ReturnType<typeof record>>;
let told: Receiver;
let following: Consumption;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  kafka = await connectTestKafka();
  letters = await record(kafka, [deadLetterTopic(eventsTopic('payment'))]);
  told = receiver({ url, secrets: [], timeoutMs: callTimeoutMs }, log, {
    failures: 5,
    firstMs: 500,
    maxMs: 2_000,
  });
  following = await followEvents({
    kafka,
    receiver: told,
    attempts,
    onFatal: (error) => {
      throw error;
    },
    log,
  });
  // A new cluster takes its time to find coordinators.
}, 120_000);
afterAll(async () => {
  await following?.stop();
  await letters?.stop();
  await kafka?.close();
  server.closeAllConnections();
  server.close();
});

/** Publishes payments of these ids. */
async function publish(ids: string[]): Promise<string[]> {
  const price = { amount: 1_000, currency: 'KRW' };
  await kafka.publish(
    ids.map((id) => {
      const payment = { paymentId: id, reservationId: id, userId: id, price };
      return encodeEvent('orchestrator', id, occurred(paymentCompleted, payment));
    }),
  );
  return ids;
}
const fresh = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

const letterOf = (id: string): ReceivedRecord | undefined =>
  letters.records.find(({ headers }) => String(headers.ce_id) === id);

const takenAll = (ids: string[]) => eventually('all of them', () => ids.every((id) => taken.includes(id)));

test('while it is away events wait, it is asked now and then, and once it is back it is told of all', async () => {
  statusOf = () => 500;
  const ids = await publish(fresh(40));
  await eventually('an open circuit', () => told.condition().breaker === 'open');
  // What was let through before has ended.
  await sleep(callTimeoutMs + 500);
  const [before, since] = [asked.length, Date.now()];
  await sleep(4_000);
  await eventually('another try', () => asked.length > before);
  // One alone, 250 ms after the last at the earliest.
  expect(asked.length - before).toBeLessThanOrEqual(1 + (Date.now() - since) / 250);
  expect(letters.records).toEqual([]);
  statusOf = () => 204;
  await takenAll(ids);
  expect(told.condition().breaker).toBe('closed');
  expect(letters.records).toEqual([]);
});

test('what it refuses is a dead letter at once, and holds up nobody', async () => {
  const bad = randomUUID();
  statusOf = (id) => (id === bad ? 422 : 204);
  const good = fresh(10);
  await publish([bad, ...good]);
  await takenAll(good);
  const letter = await eventually('a letter', () => letterOf(bad));
  expect(String(letter.headers.dlq_error_class)).toBe('Refused');
  expect(String(letter.headers.dlq_error_message)).toContain('422');
  expect(String(letter.headers.dlq_attempts)).toBe('1');
  // Of these, and not of all: a group that is rebalanced may tell again what it told just before.
  expect(asked.filter((id) => id === bad || good.includes(id)).length).toBe(1 + good.length);
});

test('what it fails at while it takes others is a dead letter after so many failures', async () => {
  const bad = randomUUID();
  statusOf = (id) => (id === bad ? 500 : 204);
  await publish([bad]);
  // Others go on meanwhile; without them nobody could tell whose fault it is. Those of its partition wait for it.
  const letter = await eventually('a letter', async () => {
    await publish(fresh(8));
    await sleep(200);
    return letterOf(bad);
  });
  expect(String(letter.headers.dlq_error_class)).toBe('NotTaken');
  expect(String(letter.headers.dlq_error_message)).toContain('500');
  expect(Number(letter.headers.dlq_attempts)).toBeGreaterThan(attempts);
});
