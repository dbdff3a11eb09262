import { randomUUID } from 'node:crypto';
import * as contract from '@holdfast/shared/contracts/reservation';
import type { Consumption } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { relayOutbox } from '@holdfast/shared/outbox/outbox';
import { participate } from '@holdfast/shared/participant/participate';
import { createLogger } from '@holdfast/shared/process/logger';
import { type TestSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { eventually } from '@holdfast/shared/testing/eventually';
import { connectTestKafka, playOrchestrator, type TestOrchestrator } from '@holdfast/shared/testing/kafka';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expireHolds } from '../expire-holds.ts';
import { reservationParticipant } from '../participant.ts';
import { type Catalogue, createCatalogue, insertHold } from '../testing/catalogue.ts';
import { followSeats } from './follow-seats.ts';
import { type Layout, readLayout } from './layout.ts';
import type { Live } from './live.ts';

/** On real Kafka and Postgres: one instance does the work, two others tell of it. */

let catalogue: Catalogue;
let kafka: KafkaConnection;
let commands: Consumption;
let outbox: ReturnType<typeof relayOutbox>;
let orchestrator: TestOrchestrator;
let layout: Layout;
let instances: Live[];
/** By instance, each seat's letter as it was told last. */
let told: Map<number, string>[];
const log = createLogger({ service: 'test', level: 'silent' });

beforeAll(async () => {
  catalogue = await createCatalogue(20);
  kafka = await connectTestKafka();
  const { db } = catalogue;
  const participant = reservationParticipant({ holdTtlMs: 60_000, maxSeatsPerUser: 50 });
  const onFatal = (error: Error) => {
    throw error;
  };
  commands = await participate({ participant, db, kafka, faults: false, onFatal, log });
  outbox = relayOutbox('reservation', { db, kafka, log });
  orchestrator = await playOrchestrator(
    kafka,
    participant.handlers.map(({ command }) => command),
  );
  layout = (await readLayout(db, catalogue.performanceId)) as Layout;
  instances = await Promise.all([followSeats({ db, kafka, log }), followSeats({ db, kafka, log })]);
  told = instances.map((live) => {
    const letters = new Map<number, string>();
    live.watch(layout, { send: (event) => note(letters, event), end: () => undefined }, []);
    return letters;
  });
});
afterAll(async () => {
  await orchestrator.stop();
  await Promise.all(instances.map((live) => live.stop()));
  await commands.stop();
  await outbox.stop();
  await kafka.close();
  await catalogue.drop();
});

function note(letters: Map<number, string>, event: Buffer): void {
  const { changes } = JSON.parse(/^data: (.*)$/m.exec(String(event))?.[1] as string);
  for (const [index, letter] of changes) letters.set(index, letter);
}

const everybodyKnows = (index: number, letter: string) =>
  eventually(`seat ${index} as ${letter}`, () => told.every((letters) => letters.get(index) === letter));

let sagas = 0;
const nextSaga = (): TestSaga => ({ sagaId: randomUUID(), sagaNo: ++sagas });
const userId = randomUUID();
const seat = (index: number): string => layout.concertSeatIds[index] as string;

test('a seat that is held, bought or given back is seen to be so on every instance', async () => {
  const [reserving, paying, other] = [nextSaga(), nextSaga(), nextSaga()];
  const reservationId = reserving.sagaId;
  await orchestrator.ask([
    todo(contract.hold, { reservationId, concertSeatIds: [seat(3)], userId }, reserving),
    todo(contract.hold, { reservationId: other.sagaId, concertSeatIds: [seat(4)], userId }, other),
  ]);
  await everybodyKnows(3, 'H');
  await everybodyKnows(4, 'H');

  await orchestrator.ask([
    todo(contract.loadReservation, { reservationId, concertSeatIds: [seat(3)], userId }, paying),
  ]);
  const confirm = todo(contract.confirm, { reservationId }, paying);
  await orchestrator.ask([{ ...confirm, step: 'confirm', id: `${paying.sagaId}/confirm/do` }]);
  await orchestrator.ask([undo(contract.cancelHold, { reservationId: other.sagaId }, other)]);
  await everybodyKnows(3, 'S');
  await everybodyKnows(4, 'A');
});

test('so is one whose hold has run out, once the expiry job has freed it', async () => {
  await insertHold(catalogue.db, seat(7), { expiresInMs: -1 });
  expect(await expireHolds(catalogue.db)).toBe(1);
  outbox.wake();
  await everybodyKnows(7, 'A');
});
