import { loadConfig } from '@holdfast/shared/config/config';
import { connectDatabase } from '@holdfast/shared/database/connect';
import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { buildApp } from '@holdfast/shared/http/app';
import { connectKafka } from '@holdfast/shared/messaging/kafka';
import { relayOutbox } from '@holdfast/shared/outbox/outbox';
import { participate } from '@holdfast/shared/participant/participate';
import { every } from '@holdfast/shared/process/every';
import { run } from '@holdfast/shared/process/lifecycle';
import { createLogger } from '@holdfast/shared/process/logger';
import { Config } from './config.ts';
import { expireHolds } from './expire-holds.ts';
import { routes } from './http/routes.ts';
import { reservationParticipant } from './participant.ts';
import { migrations } from './schema.ts';
import { seed } from './seed.ts';

run(async (onStop) => {
  const service = 'reservation';
  const config = loadConfig(Config);
  const log = createLogger({ service, level: config.LOG_LEVEL });

  const db = connectDatabase({ url: config.POSTGRES_URL, pool: config.POSTGRES_POOL, name: service });
  onStop('database', () => db.destroy());
  await migrate(db, migrations);
  if (config.HOLDFAST_SEED) await seed(db);

  const kafka = await connectKafka({
    brokers: config.KAFKA_BROKERS,
    clientId: service,
    prefix: config.KAFKA_TOPIC_PREFIX,
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
    log,
  });
  onStop('kafka', kafka.close);

  const outbox = relayOutbox(service, { db, kafka, log });
  onStop('outbox', outbox.stop);

  const commands = await participate({
    participant: reservationParticipant({ holdTtlMs: config.HOLD_TTL_MS }),
    db,
    kafka,
    faults: config.HOLDFAST_FAULTS,
    onFatal: (error) => {
      throw error;
    },
    log,
  });
  onStop('commands', commands.stop);

  const expiry = every(config.EXPIRE_EVERY_MS, 'expiry of holds', () => expireHolds(db), log);
  onStop('expiry', expiry.stop);

  const app = await buildApp({
    service,
    description: 'Concerts, performances, seats, and the reservations of seats.',
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
    routes: (app) => routes(app, { db }),
    logger: log,
  });
  onStop('http', () => app.close());
  await app.listen({ port: config.PORT, host: config.HOST });
});
