import { readConfig } from '@holdfast/shared/config/config';
import { connectDatabase } from '@holdfast/shared/database/connect';
import { awaitMigrations, migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { watchDatabase } from '@holdfast/shared/database/watch';
import { crashIfAsked } from '@holdfast/shared/faults/faults';
import { buildApp } from '@holdfast/shared/http/app';
import { stopServing } from '@holdfast/shared/http/stop';
import { consume } from '@holdfast/shared/messaging/consume';
import { connectKafka, partitionOf } from '@holdfast/shared/messaging/kafka';
import { replyDecoder } from '@holdfast/shared/messaging/protocol';
import { kafkaServer } from '@holdfast/shared/messaging/server';
import { together } from '@holdfast/shared/messaging/together';
import { repliesTopic } from '@holdfast/shared/messaging/topics';
import { systemClock } from '@holdfast/shared/process/clock';
import { every } from '@holdfast/shared/process/every';
import { giveUp, run } from '@holdfast/shared/process/lifecycle';
import { createLogger } from '@holdfast/shared/process/logger';
import { traceSends } from '@holdfast/shared/telemetry/messages';
import { startTelemetry } from '@holdfast/shared/telemetry/start';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { findReserved } from './api/reserved.ts';
import { routes } from './api/routes.ts';
import { sagaStarter } from './api/start-saga.ts';
import { Config } from './config.ts';
import type { Policy } from './engine/transition.ts';
import { followEvents } from './external-api/follow.ts';
import { receiver } from './external-api/receiver.ts';
import { startOps } from './ops/start.ts';
import { waitingClients } from './runner/clients.ts';
import { extendLeases } from './runner/extend-leases.ts';
import { raiseFloor } from './runner/floor.ts';
import { redisLocks } from './runner/locks.ts';
import { pruneKeys } from './runner/prune-keys.ts';
import { connectRedis } from './runner/redis.ts';
import { checkDefinitions, loadOver, longHeldLocks } from './runner/rows.ts';
import { createRunner } from './runner/run.ts';
import { migrations } from './runner/schema.ts';
import { postgresStore } from './runner/store.ts';
import { allDefinitions } from './sagas/all.ts';
import { beginningBy, commands, definitionOf, definitions } from './sagas/definitions.ts';

/** How long clients still wait for their sagas once no new ones come. */
const clientsPatienceMs = 3_000;

run(async (onStop) => {
  const config = readConfig('orchestrator', Config);
  const log = createLogger({ service: 'orchestrator', level: config.LOG_LEVEL });
  const telemetry = await startTelemetry('orchestrator', config, log);
  onStop('telemetry', telemetry.stop);
  const instance = uuidv4();
  const prefix = config.KAFKA_TOPIC_PREFIX;
  const faults = config.HOLDFAST_FAULTS;

  const db = connectDatabase({ url: config.POSTGRES_URL, pool: config.POSTGRES_POOL, name: 'orchestrator' });
  onStop('database', () => db.destroy());
  watchDatabase(db);
  await (config.MIGRATE_AT_START ? migrate : awaitMigrations)(db, migrations, log);
  await checkDefinitions(db, definitionOf);

  const redis = connectRedis(
    { url: config.REDIS_URL, lockUrls: config.LOCK_REDIS_URLS, caFile: config.REDIS_TLS_CA },
    log,
  );
  onStop('redis', redis.stop);

  const kafka = await connectKafka({
    server: kafkaServer(config),
    clientId: 'orchestrator',
    prefix,
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
    instanceId: config.KAFKA_INSTANCE_ID,
    log,
  });
  onStop('kafka', kafka.close);
  const publish = traceSends(kafka.publish);

  const policy: Policy = {
    step: { attempts: config.SAGA_STEP_ATTEMPTS, firstMs: config.SAGA_STEP_TIMEOUT_MS, maxMs: 30_000 },
    undo: { attempts: config.SAGA_UNDO_ATTEMPTS, firstMs: config.SAGA_UNDO_TIMEOUT_MS, maxMs: 30_000 },
  };
  const lockPrefix = `${prefix}lock:`;
  const locks = redisLocks(redis.lockNodes, { leaseMs: config.LOCK_LEASE_MS, prefix: lockPrefix, log });
  const clients = waitingClients({
    redis: redis.commands,
    subscriber: redis.subscriber,
    instance,
    prefix,
    loadOver: (sagaIds, ms) => loadOver(db, sagaIds, ms),
    log,
  });
  onStop('waiting clients', clients.stop);
  const store = postgresStore(db);
  const runner = createRunner({
    definitions,
    policy,
    store,
    publish,
    locks,
    clients,
    crash: async (moment, asked) => {
      if (faults) await crashIfAsked(db, moment, asked);
    },
    log,
  });

  const replies = await consume({
    kafka,
    group: 'orchestrator',
    topics: [repliesTopic],
    decode: replyDecoder(commands),
    handle: together(runner.onReplies),
    beforeOffsets: runner.beforeOffsets,
    onFatal: giveUp,
    log,
  });
  onStop('replies', replies.stop);

  const externalApi =
    config.EXTERNAL_API_URL === undefined
      ? undefined
      : receiver(
          {
            url: config.EXTERNAL_API_URL,
            secrets: config.EXTERNAL_API_SECRET ?? [],
            timeoutMs: config.EXTERNAL_API_TIMEOUT_MS,
          },
          log,
        );
  if (externalApi) {
    const events = await followEvents({
      kafka,
      receiver: externalApi,
      attempts: config.EXTERNAL_API_ATTEMPTS,
      onFatal: giveUp,
      log,
    });
    onStop('external API', events.stop);
  }

  const ops = await startOps({
    config,
    db,
    redis: redis.commands,
    lockNodes: redis.lockNodes,
    kafka,
    runner,
    policy,
    externalApi: externalApi?.condition,
    instance,
    lockPrefix,
    onFatal: giveUp,
    log,
  });
  onStop('operations', ops.stop);

  const { LOCK_LEASE_MS: leaseMs } = config;
  const jobs = [
    every(config.SWEEP_EVERY_MS, 'sweep', runner.sweep, log),
    every(leaseMs / 3, 'leases', () => extendLeases(locks, () => longHeldLocks(db, leaseMs / 3, 1_000)), log),
    every(config.PRUNE_EVERY_MS, 'floor', () => raiseFloor({ db, publish }, config.INBOX_RETENTION_MS), log),
    every(config.PRUNE_EVERY_MS, 'keys', () => pruneKeys(db, config.IDEMPOTENCY_RETENTION_MS), log),
  ];
  for (const job of jobs) onStop('job', job.stop);

  /** An id whose replies come to a partition that this instance reads, if it reads any: it then ends its own sagas. */
  function drawSagaId(): string {
    const mine = replies.assigned(repliesTopic);
    let sagaId = uuidv7();
    while (mine.length > 0 && !mine.includes(partitionOf(sagaId))) sagaId = uuidv7();
    return sagaId;
  }

  const startSaga = sagaStarter({
    store,
    clock: systemClock,
    runner,
    locks,
    clients,
    beginningBy: beginningBy(allDefinitions, config.SAGAS_BEGIN_BY),
    policy,
    instance,
    maxInFlight: config.MAX_SAGAS_IN_FLIGHT,
    drawSagaId,
  });
  const reserved = findReserved(db);
  const app = await buildApp({
    service: 'orchestrator',
    description: 'Holds seats, takes payments and refunds them, each as a saga.',
    config,
    checks: {
      kafka: async () => {
        await kafka.check();
        await replies.check();
      },
      postgres: async () => {
        await query(db, 'select 1');
      },
      redis: redis.check,
    },
    routes: (app) => {
      routes(app, { startSaga, faults, maxSeats: config.MAX_SEATS_PER_RESERVATION, reserved, db });
      ops.routes(app);
    },
    logger: log,
  });
  onStop('http', async () => {
    const patience = setTimeout(clients.letGo, config.DRAIN_MS + clientsPatienceMs);
    await stopServing(app, config.DRAIN_MS);
    clearTimeout(patience);
  });
  await app.listen({ port: config.PORT, host: config.HOST });
});
