import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { CommonConfig } from '../config/common.ts';
import type { ParticipantName } from '../contracts/define.ts';
import { connectDatabase } from '../database/connect.ts';
import { awaitMigrations, type Migration, migrate } from '../database/migrate.ts';
import { query } from '../database/query.ts';
import { watchDatabase } from '../database/watch.ts';
import { type App, buildApp } from '../http/app.ts';
import { stopServing } from '../http/stop.ts';
import { connectKafka, type KafkaConnection } from '../messaging/kafka.ts';
import { kafkaServer } from '../messaging/server.ts';
import { relayOutbox, watchOutbox } from '../outbox/outbox.ts';
import { giveUp, run } from '../process/lifecycle.ts';
import { createLogger } from '../process/logger.ts';
import { startTelemetry } from '../telemetry/start.ts';
import { operationRoutes } from './operations.ts';
import { type Participant, participate } from './participate.ts';

export type Needs<Config> = {
  config: Config;
  db: Knex;
  kafka: KafkaConnection;
  wakeOutbox: () => void;
  log: Logger;
};

type Job = { stop: () => Promise<void> };

/** A participant's process: takes commands, relays its outbox, does its jobs, serves HTTP; until it is told to stop. */
export function runParticipant<Config extends CommonConfig, State>(service: {
  name: ParticipantName;
  description: string;
  loadConfig: () => Config;
  migrations: readonly Migration[];
  /** Done once the schema is up to date. */
  prepare?: (needs: Pick<Needs<Config>, 'config' | 'db'>) => Promise<void>;
  participant: (config: Config) => Participant<State>;
  jobs?: (needs: Needs<Config>) => Record<string, Job>;
  routes: (app: App, needs: Needs<Config>) => void | Promise<void>;
}): void {
  run(async (onStop) => {
    const { name } = service;
    const config = service.loadConfig();
    const log = createLogger({ service: name, level: config.LOG_LEVEL });
    const telemetry = await startTelemetry(name, config, log);
    onStop('telemetry', telemetry.stop);

    const db = connectDatabase({ url: config.POSTGRES_URL, pool: config.POSTGRES_POOL, name });
    onStop('database', () => db.destroy());
    watchDatabase(db);
    watchOutbox(db);
    await (config.MIGRATE_AT_START ? migrate : awaitMigrations)(db, service.migrations, log);
    await service.prepare?.({ config, db });

    const kafka = await connectKafka({
      server: kafkaServer(config),
      clientId: name,
      prefix: config.KAFKA_TOPIC_PREFIX,
      sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
      instanceId: config.KAFKA_INSTANCE_ID,
      log,
    });
    onStop('kafka', kafka.close);

    const outbox = relayOutbox(name, { db, kafka, log });
    onStop('outbox', outbox.stop);

    const commands = await participate({
      participant: service.participant(config),
      db,
      kafka,
      faults: config.HOLDFAST_FAULTS,
      // kafkajs doesn't come back by itself.
      onFatal: giveUp,
      log,
    });
    onStop('commands', commands.stop);

    const needs = { config, db, kafka, wakeOutbox: outbox.wake, log };
    for (const [job, { stop }] of Object.entries(service.jobs?.(needs) ?? {})) onStop(job, stop);

    const app = await buildApp({
      service: name,
      description: service.description,
      config,
      checks: {
        kafka: async () => {
          await kafka.check();
          await commands.check();
        },
        postgres: async () => {
          await query(db, 'select 1');
        },
      },
      routes: async (app) => {
        operationRoutes(app, { db });
        await service.routes(app, needs);
      },
      logger: log,
    });
    onStop('http', () => stopServing(app, config.DRAIN_MS));
    await app.listen({ port: config.PORT, host: config.HOST });
  });
}
