import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalogue, commandsByType, webhookEvents } from '@holdfast/shared/contracts/catalogue';
import { raiseFloorType } from '@holdfast/shared/contracts/protocol';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { isTooLarge } from '@holdfast/shared/messaging/pack';
import { commandDecoder, eventDecoder, replyDecoder } from '@holdfast/shared/messaging/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kafka, logLevel } from 'kafkajs';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { mutation } from './support/mutations.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import type { Position, RawMessage, SeenRecord } from './support/topics.ts';

/** Messages that were valid once, mutated, on every topic that something consumes, amid traffic that is in order. */

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const messages = Number(process.env.FUZZ_MESSAGES ?? 400);

/** Everything that is consumed, by whom, and how its consumer reads it. */
const consumed: { topic: string; group: string; decode: (record: ReceivedRecord) => unknown }[] = [
  ...catalogue.map(({ service, commands }) => ({
    topic: `${service}.commands`,
    group: service,
    decode: commandDecoder(service, commands),
  })),
  { topic: 'saga.replies', group: 'orchestrator', decode: replyDecoder([...commandsByType.values()]) },
  ...['reservation', 'payment'].map((service) => ({
    topic: `${service}.events`,
    group: 'external-api',
    decode: eventDecoder(webhookEvents),
  })),
];

let system: TestSystem;
let nextSeat: () => Seat;
let externalApi: Server;
let told = 0;

const byteLength = Buffer.byteLength;

beforeAll(async () => {
  // kafkajs can't size a header without a value, which other clients send.
  Buffer.byteLength = (text, encoding) => (text === null ? 0 : byteLength(text, encoding));
  externalApi = createServer((request, response) => {
    told++;
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => externalApi.listen(0, '127.0.0.1', resolve));
  const { port } = externalApi.address() as AddressInfo;
  system = await startTestSystem('message-fuzz', {
    env: { EXTERNAL_API_URL: `http://127.0.0.1:${port}`, EXTERNAL_API_ATTEMPTS: '2' },
  });
  nextSeat = await system.seatSource();
});
afterAll(async () => {
  await system?.stop();
  externalApi.close();
  Buffer.byteLength = byteLength;
});

const price = 1_000_000;

async function payment(fault?: string): Promise<{ sagaId: string; status: number }> {
  const user = await newUser(system.url, price);
  const held = await hold(user, nextSeat());
  const { status, body } = await user.pay(held.reservationId, fault === undefined ? {} : { fault });
  return { status, sagaId: body.sagaId };
}

/** Messages of sagas that have ended: whatever is still valid of a mutation is a copy, and does nothing. */
async function validMessages(): Promise<SeenRecord[]> {
  const ended = await Promise.all([
    payment(),
    payment('payment.create=reject'),
    payment('reservation.confirm=reject'),
  ]);
  expect(ended.map(({ status }) => status)).toEqual([201, 503, 503]);
  await settled();
  await system.topics.caughtUp();
  const ofType = new Map<string, SeenRecord>();
  for (const record of system.topics.seen) {
    const { ce_type: type, ce_sagaaction: action } = record.headers;
    // The floor is no copy: whatever number it names is taken for true.
    if (type !== raiseFloorType && consumed.some(({ topic }) => topic === record.topic))
      ofType.set(`${record.topic} ${type} ${action}`, record);
  }
  return [...ofType.values()];
}

const settled = (): Promise<void> =>
  eventually(async () => {
    expect(await system.sql('select saga_id, status from orchestrator.saga where not settled')).toEqual([]);
  });

const processes = () => [system.gateway, ...Object.values(system.services).flat()];

type Mutant = Position & { topic: string; message: RawMessage };

const positionOf = ({ topic, partition, offset }: { topic: string } & Position): string =>
  `${topic}/${partition}/${offset}`;

test(`mutated messages are processed or dead-lettered byte for byte, and nothing else happens (FUZZ_SEED=${seed})`, async () => {
  const before = processes().map(({ name, pid, restarts }) => ({ name, pid, restarts }));
  const seeds = await validMessages();
  expect(new Set(seeds.map(({ topic }) => topic))).toEqual(new Set(consumed.map(({ topic }) => topic)));

  const mutants: Mutant[] = [];
  const payments: Promise<{ status: number }>[] = [];
  const deadline = Date.now() + 45_000;
  for (const [i, [from, mutate]] of fc
    .sample(fc.tuple(fc.constantFrom(...seeds), mutation), { seed, numRuns: messages })
    .entries()) {
    // On a busy machine fewer do.
    if (Date.now() > deadline) break;
    if (i % 50 === 0) payments.push(payment());
    const message = mutate(from.raw);
    const position = await produce(from.topic, message);
    if (position) mutants.push({ ...position, topic: from.topic, message });
  }
  const during = await Promise.all(payments);
  expect(during.map(({ status }) => status)).toEqual(during.map(() => 201));
  expect((await payment()).status).toBe(201);

  await eventually(() => expectAllConsumed(), 60_000);
  await settled();
  const letters = await expectLetters(mutants);
  console.info(`FUZZ_SEED=${seed}: ${mutants.length} mutants, ${letters.length} of them dead letters`);

  expect(processes().map(({ name, pid, restarts }) => ({ name, pid, restarts }))).toEqual(before);
  expect(await system.sql("select saga_id from orchestrator.saga where status = 'PARKED'")).toEqual([]);
  const [money] = await system.sql(`
    select (select sum(amount) from balance.ledger where kind = 'charge')::text as charged,
      ((select sum(balance) from balance.account)
        + (select sum(amount) from payment.payment where status = 'COMPLETED'))::text as found`);
  expect(money.found).toBe(money.charged);
  expect(told).toBeGreaterThan(0);
}, 180_000);

/** Undefined where Kafka itself refuses it. */
const produce = (topic: string, message: RawMessage): Promise<Position | undefined> =>
  system.topics.produce(topic, message).catch((error) => {
    if (isTooLarge(error)) return undefined;
    throw error;
  });

test('a reply that Postgres cannot store is a dead letter, and its saga goes on', async () => {
  const user = await newUser(system.url, price);
  const held = await hold(user, nextSeat());
  const { body } = await user.pay(held.reservationId, {
    fault: 'balance.load=timeout',
    prefer: 'respond-async',
  });
  const asked = await eventually(() => {
    const command = system.topics
      .ofSaga(body.sagaId)
      .find(({ headers }) => headers.ce_type === 'balance.load');
    expect(command).toBeDefined();
    return command as SeenRecord;
  });
  const position = await system.topics.produce('saga.replies', {
    key: Buffer.from(body.sagaId),
    value: Buffer.from(JSON.stringify({ outcome: 'refused', code: 'a\u0000b' })),
    headers: { ...asked.raw.headers, ce_id: `${asked.headers.ce_id}/reply` },
  });
  await eventually(() =>
    expect(system.topics.seen).toContainEqual(
      expect.objectContaining({
        topic: 'saga.replies.dlq',
        headers: expect.objectContaining({ dlq_offset: position.offset, dlq_attempts: '1' }),
      }),
    ),
  );
  await eventually(async () =>
    expect((await user.call('GET', `/v1/sagas/${body.sagaId}`)).body).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'timeout' },
    }),
  );
  expect(await user.balance()).toBe(price);
});

async function expectAllConsumed(): Promise<void> {
  const kafka = new Kafka({
    brokers: (process.env.KAFKA_BROKERS as string).split(','),
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const { topic, group } of consumed) {
      const name = system.topicPrefix + topic;
      const ends = await admin.fetchTopicOffsets(name);
      const [read] = await admin.fetchOffsets({ groupId: system.topicPrefix + group, topics: [name] });
      const byPartition = (offsets: { partition: number; offset: string }[] = []) =>
        // A partition that nothing was ever on has no offset.
        new Map(offsets.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
      expect([topic, byPartition(read?.partitions)]).toEqual([topic, byPartition(ends)]);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Each mutant that its consumer can't read is a letter, each letter is a mutant, and they are the same to the byte. */
async function expectLetters(mutants: readonly Mutant[]): Promise<SeenRecord[]> {
  const unreadable = mutants.filter((mutant) => !isReadable(mutant)).map(positionOf);
  const letters = await eventually(() => {
    const found = lettersByPosition();
    expect(unreadable.filter((position) => !found.has(position))).toEqual([]);
    return found;
  });
  const known = new Map(mutants.map((mutant) => [positionOf(mutant), mutant.message]));
  for (const [position, letter] of letters)
    expect([position, letterAsSent(letter)]).toEqual([position, asSent(known.get(position))]);
  return [...letters.values()];
}

const lettersByPosition = (): Map<string, SeenRecord> =>
  new Map(
    system.topics.seen
      .filter(({ topic }) => topic.endsWith('.dlq'))
      .map((letter) => {
        const { dlq_topic: topic = '', dlq_partition: partition, dlq_offset: offset = '' } = letter.headers;
        return [positionOf({ topic, partition: Number(partition), offset }), letter];
      }),
  );

function isReadable({ message, ...position }: Mutant): boolean {
  const decode = consumed.find(({ topic }) => topic === position.topic)?.decode;
  try {
    decode?.({ ...position, ...message, timestamp: '0' });
    return true;
  } catch {
    return false;
  }
}

/** A message in a form that is quick to compare, a letter's own headers left out. Undefined is none at all. */
const asSent = (message: RawMessage | undefined, nulls?: readonly string[]) =>
  message && {
    key: textOf(message.key),
    value: textOf(message.value),
    headers: Object.entries(message.headers)
      .filter(([name]) => !name.startsWith('dlq_'))
      .map(([name, value]) => {
        const values = [value].flat();
        const hasNulls = nulls?.includes(name) ?? values.includes(null);
        // Where a name has nulls, which are empty in a letter, both count as nothing.
        return [name, values.map((one) => (hasNulls && one?.length === 0 ? null : textOf(one)))];
      })
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
  };

const letterAsSent = ({ raw, headers }: SeenRecord) =>
  asSent(raw, JSON.parse(headers.dlq_null_headers ?? '[]'));

const textOf = (bytes: Buffer | string | null): string | null =>
  bytes && Buffer.from(bytes).toString('base64');
