import type { StartSaga } from '@holdfast/orchestrator/api/start-saga';
import type { Policy } from '@holdfast/orchestrator/engine/transition';
import { commands } from '@holdfast/orchestrator/sagas/definitions';
import type { ParticipantName } from '@holdfast/shared/contracts/define';
import { paymentCompleted, paymentRefunded } from '@holdfast/shared/contracts/payment';
import type { OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { commandDecoder, replyDecoder } from '@holdfast/shared/messaging/protocol';
import { commandsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import type { Handler } from '@holdfast/shared/participant/decide';
import { type Breakable, createChaos, type Instance } from './chaos.ts';
import { check, rivals, seats as seatsHeld, type Tables, type Violation } from './check.ts';
import { createDamage } from './damage.ts';
import { type History, recorded, withTombstones } from './history.ts';
import { startClients } from './load.ts';
import type { Mutation } from './mutations.ts';
import { startOrchestrator } from './orchestrator/start.ts';
import { sagaStore } from './orchestrator/store.ts';
import { parkedForNothing, parkedIn, parkedWell } from './parked.ts';
import { balanceHandlers, balanceRows, charge } from './participants/balance.ts';
import { paymentHandlers, paymentRows } from './participants/payment.ts';
import { cancel, expireHolds, reservationHandlers, reservationRows } from './participants/reservation.ts';
import { type ParticipantMessage, startParticipant } from './participants/start.ts';
import { type Inbox, type MemoryRows, participantStore } from './participants/store.ts';
import { tokenHandlers, tokenRows } from './participants/token.ts';
import { populate } from './populate.ts';
import { createDatabase } from './world/database.ts';
import { createGroup } from './world/group.ts';
import { createNetwork } from './world/network.ts';
import { createRedis } from './world/redis.ts';
import { createWorld, type Process } from './world/world.ts';

export type Outcome = {
  violations: readonly Violation[];
  sagas: number;
  completed: number;
  /** How many were parked at any time, and how many still are. */
  parked: number;
  stillParked: number;
  /** What was sent for a saga, in order. */
  trace: (sagaId: string) => string[];
};

const leaseMs = 300;
const holdTtlMs = 900;
const loadForMs = 1_500;
const patienceMs = 60_000;
const replicas = 2;

/** One run: everything in it follows from the seed. */
export async function simulate(seed: number, mutation: Mutation = {}): Promise<Outcome> {
  const world = createWorld(seed);
  const chaos = createChaos(world);
  const { faultRate, crash } = chaos;
  const network = createNetwork(world, faultRate);
  // With one attempt a command that is late is overtaken by its compensation.
  const policy: Policy = {
    step: { attempts: world.random.pick([1, 2, 3]), firstMs: 60, maxMs: 400 },
    // With few attempts, whoever is away for a while finds its sagas parked.
    undo: world.random.pick([
      { attempts: 12, firstMs: 60, maxMs: 800 },
      { attempts: 3, firstMs: 60, maxMs: 200 },
    ]),
  };
  const damage = createDamage(world.random);
  const redis = createRedis(world, leaseMs, faultRate);
  const plain = createDatabase(world, faultRate);
  const database = mutation.database?.(plain, world) ?? plain;
  const { tables, users, seats, concertId } = populate(world.random);
  const history: History = { deeds: [] };
  const violations: Violation[] = [];
  const told = new Set<string>();
  const parked = new Set<string>();
  const instances: Instance[] = [];
  const inboxes = new Map<ParticipantName, Inbox>();
  const groups: { rebalance: () => void; isCaughtUp: () => boolean }[] = [];

  function keepAlive(service: string, name: string, start: (process: Process) => void): void {
    const instance: Instance = { process: world.start(service, name), restart: () => begin() };
    const begin = (): void => {
      instance.process = world.start(service, name);
      const { process } = instance;
      process.onDeath.add(() => world.after(world.random.between(10, 400), begin));
      start(process);
    };
    begin();
    instances.push(instance);
  }

  function participant<State extends object>(
    service: ParticipantName,
    unrecorded: readonly Handler<State>[],
    memory: MemoryRows<State>,
  ): void {
    const { handlers, rows } = recorded(history, damage.inTheWayOf(service, unrecorded), memory);
    const inbox: Inbox = { rows: new Map(), floor: 0 };
    inboxes.set(service, inbox);
    const group = createGroup<ParticipantMessage>({
      world,
      network,
      topic: commandsTopic(service),
      decode: commandDecoder(
        service,
        handlers.map(({ command }) => command),
      ),
      onPoison: ({ record, message, error }) => {
        if (!damage.deadLetter(record, error))
          poison('sagaId' in message ? message.sagaId : undefined, error);
      },
    });
    groups.push(group);
    const store = (process: Process) => {
      const inMemory = participantStore({ database, rows, inbox }, process);
      return withTombstones(history, mutation.participantStore?.(inMemory, { world, process }) ?? inMemory);
    };
    for (let i = 1; i <= replicas; i++)
      keepAlive(service, `${service}-${i}`, (process) =>
        startParticipant({ world, network, group, service, handlers, store, crash }, process),
      );
  }

  const poison = (sagaId: string | undefined, error: Error): void => {
    violations.push({ promise: `a message can't be processed: ${error.message}`, sagaId });
  };
  const watch = (record: OutgoingRecord): void => {
    const type = String(record.headers.ce_type);
    if (type !== paymentCompleted.type && type !== paymentRefunded.type) return;
    const sagaId = String(record.headers.ce_id).split('/')[0] as string;
    told.add(sagaId);
    const status = tables.sagas.get(sagaId)?.status;
    if (status !== 'COMPLETED') violations.push({ promise: `${type} of a saga ${status}`, sagaId });
  };
  network.onAppend(watch);

  participant('balance', balanceHandlers, balanceRows(tables));
  participant('payment', paymentHandlers, paymentRows(tables));
  participant('token', tokenHandlers, tokenRows(tables, world.now));
  const reservations = reservationRows(tables, world.now);
  participant('reservation', reservationHandlers(holdTtlMs), {
    ...reservations,
    load: (tx, batch) => {
      mutation.reservations?.(tables);
      return reservations.load(tx, batch);
    },
  });
  keepAlive('reservation', 'expiry', (process) => {
    const expire = async (): Promise<void> => {
      for (;;) {
        await world.sleep(process, 60);
        await database
          .transaction(process, (tx) => expireHolds(tx, tables, world.now()))
          .catch(() => undefined);
      }
    };
    void expire();
  });

  const replies = createGroup({
    world,
    network,
    topic: repliesTopic,
    decode: replyDecoder(commands),
    onPoison: ({ message, error }) => poison(message.sagaId, error),
  });
  groups.push(replies);
  const orchestrators = Array.from({ length: replicas }, (): { api: StartSaga | undefined } => ({
    api: undefined,
  }));
  for (const [i, orchestrator] of orchestrators.entries())
    keepAlive('orchestrator', `orchestrator-${i + 1}`, (process) => {
      process.onDeath.add(() => {
        orchestrator.api = undefined;
      });
      orchestrator.api = startOrchestrator(
        {
          world,
          network,
          group: replies,
          tables,
          store: (of) => {
            const inMemory = sagaStore({ world, database, tables }, of);
            return mutation.sagaStore?.(inMemory, tables, redis.flush) ?? inMemory;
          },
          locks: redis.locks,
          policy,
          leaseMs,
          crash,
          replies: (handle) => mutation.replies?.(handle, tables) ?? handle,
        },
        process,
      );
    });

  const clients = startClients({
    world,
    orchestrators,
    users,
    seats,
    concertId,
    addToken: (token) => tables.tokens.set(token.tokenHash, token),
    charge: (userId, amount) => {
      void plain
        .transaction(world.start('balance', 'charge'), (tx) => charge(tx, tables, userId, amount))
        .catch(() => undefined);
    },
    cancel: (asked) =>
      plain
        .transaction(world.start('reservation', 'cancel'), (tx) => cancel(tx, tables, asked, world.now))
        .then(
          () => true,
          () => false,
        ),
    journeys: 250,
    forMs: loadForMs,
  });
  const parts: Breakable = {
    world,
    instances,
    rebalanceAll: () => {
      for (const group of groups) group.rebalance();
    },
    restartDatabase: plain.restart,
    forgetLocks: redis.flush,
    produceAgain: network.produceAgain,
  };
  chaos.start(parts);

  const report = (found: readonly Violation[]): void => {
    violations.push(...found.filter(({ promise }) => !mutation.ignore?.test(promise)));
  };
  const observe = (): void => {
    report([...rivals(tables), ...seatsHeld(tables), ...parkedWell(tables)]);
    for (const id of parkedIn(tables)) parked.add(id);
    world.after(10, observe);
  };
  world.after(10, observe);

  const failed = (): boolean => violations.length > 0;
  const isOver = (): boolean =>
    failed() ||
    (clients.isDone() && isQuiet(tables) && plain.isIdle() && groups.every((group) => group.isCaughtUp()));
  const rest = async (): Promise<void> => {
    const quiet = await world.run(isOver, patienceMs);
    const { deeds } = history;
    if (!failed())
      report(check({ tables, deeds, answers: clients.answers, cancelled: clients.cancelled, told }));
    if (!failed() && !quiet) report([{ promise: "the run doesn't come to rest" }]);
  };
  const repair = (): void => {
    for (const record of damage.repair()) network.produceAgain(record);
  };
  if (world.random.chance(0.5)) world.after(world.random.between(0, 2 * loadForMs), repair);
  await world.run(failed, loadForMs);
  chaos.stop();
  world.after(0, parts.rebalanceAll);
  await rest();
  if (!failed() && parkedIn(tables).length > 0) {
    repair();
    await rest();
    report(parkedForNothing(tables, network.ids()));
  }
  const all = [...tables.sagas.values()];
  return {
    violations,
    sagas: all.length,
    completed: all.filter(({ status }) => status === 'COMPLETED').length,
    parked: parked.size,
    stillParked: parkedIn(tables).length,
    trace: network.recordsOf,
  };
}

const isQuiet = ({ unsettled, sagas }: Tables): boolean =>
  [...unsettled].every((id) => sagas.get(id)?.status === 'PARKED');
