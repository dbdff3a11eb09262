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
import { admitAll } from './admit.ts';
import { Config } from './config.ts';
import { expireTokens } from './expire-tokens.ts';
import { issueTokenRoute } from './http/issue-token.ts';
import { ownTokenRoutes } from './http/own-token.ts';
import type { Policy } from './issue.ts';
import { tokenParticipant } from './participant.ts';
import { reservationService } from './reservation-service.ts';
import { migrations } from './schema.ts';

run(async (onStop) => {
  const service = 'token';
  const config = loadConfig(Config);
  const log = createLogger({ service, level: config.LOG_LEVEL });
  const policy: Policy = {
    secret: config.TOKEN_SECRET,
    maxActive: config.QUEUE_MAX_ACTIVE,
    activeTtlMs: config.ACTIVE_TTL_MS,
    waitingTtlMs: config.WAITING_TTL_MS,
  };

  const db = connectDatabase({ url: config.POSTGRES_URL, pool: config.POSTGRES_POOL, name: service });
  onStop('database', () => db.destroy());
  await migrate(db, migrations);

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
    participant: tokenParticipant,
    db,
    kafka,
    faults: config.HOLDFAST_FAULTS,
    onFatal: (error) => {
      throw error;
    },
    log,
  });
  onStop('commands', commands.stop);

  const expireAndAdmit = async () => {
    await expireTokens(db);
    await admitAll(db, policy);
  };
  const admission = every(config.ADMIT_EVERY_MS, 'admission', expireAndAdmit, log);
  onStop('admission', admission.stop);

  const reservations = reservationService(config.RESERVATION_URL, 2_000);
  const app = await buildApp({
    service,
    description: 'Queue tokens: who may hold a seat at a concert, or pay for a hold.',
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
    routes: (app) => {
      issueTokenRoute(app, { db, reservations, policy });
      ownTokenRoutes(app, { db, policy });
    },
    logger: log,
  });
  onStop('http', () => app.close());
  await app.listen({ port: config.PORT, host: config.HOST });
});
