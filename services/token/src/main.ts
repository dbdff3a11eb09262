import { readConfig } from '@holdfast/shared/config/config';
import type { App } from '@holdfast/shared/http/app';
import { pruneKeys } from '@holdfast/shared/http/idempotency';
import { type Needs, runParticipant } from '@holdfast/shared/participant/run';
import { every } from '@holdfast/shared/process/every';
import { admitAll } from './admit.ts';
import { Config } from './config.ts';
import { expireTokens } from './expire-tokens.ts';
import { limitsOn } from './http/limits.ts';
import { listenersTo } from './http/listeners.ts';
import { routes } from './http/routes.ts';
import { expireSilent, flushEveryMs } from './line/expire-silent.ts';
import { tokenParticipant } from './participant.ts';
import { placesIn } from './places.ts';
import { policyOf } from './policy.ts';
import { connectRedis } from './redis.ts';
import { reservationService } from './reservation-service.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'token',
  description: 'Queue tokens: who may hold a seat at a concert, or pay for a hold.',
  loadConfig: () => readConfig('token', Config),
  migrations,
  participant: () => tokenParticipant,
  jobs: ({ config, db, log }) => ({
    admission: every(
      config.ADMIT_EVERY_MS,
      'admission',
      async () => {
        await expireTokens(db);
        await admitAll(db, policyOf(config));
      },
      log,
    ),
    keys: every(60_000, 'idempotency keys', () => pruneKeys(db, config.IDEMPOTENCY_RETENTION_MS), log),
    silence: every(1_000, 'silence', () => expireSilent(db, config.WAITING_TTL_MS), log),
  }),
  routes: serve,
});

async function serve(app: App, { config, db, wakeOutbox, log }: Needs<Config>): Promise<void> {
  const policy = policyOf(config);
  const places = placesIn(db, policy);
  const presence = every(flushEveryMs, 'presence', places.flushPresence, log);
  const reservations = reservationService(config.RESERVATION_URL, 2_000);
  const { redis, stop } = connectRedis({ url: config.REDIS_URL, caFile: config.REDIS_TLS_CA }, log);
  app.addHook('onClose', async () => {
    await stop();
    await presence.stop();
    await places.flushPresence();
  });
  const limits = await limitsOn(app, {
    redis,
    prefix: config.KAFKA_TOPIC_PREFIX,
    settings: {
      windowMs: config.RATE_LIMIT_WINDOW_MS,
      perUser: config.RATE_LIMIT_PER_USER,
      perAddress: config.RATE_LIMIT_PER_ADDRESS,
    },
  });
  const listeners = listenersTo(
    places,
    {
      max: config.QUEUE_MAX_STREAMS,
      maxPerUser: 4,
      everyMs: 1_000,
      longestMs: 600_000,
      waitingTtlMs: policy.waitingTtlMs,
    },
    log,
  );
  routes(app, { db, places, listeners, reservations, policy, limits, wakeOutbox });
}
