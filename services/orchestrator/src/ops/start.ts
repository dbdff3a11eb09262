import type { App } from '@holdfast/shared/http/app';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { every } from '@holdfast/shared/process/every';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Policy } from '../engine/transition.ts';
import type { Receiver } from '../external-api/receiver.ts';
import type { Runner } from '../runner/run.ts';
import { relayAudit } from './audit/relay.ts';
import { followLetters } from './dead-letters/follow.ts';
import { letterJudge } from './dead-letters/judge.ts';
import { overviewGauges } from './overview/gauges.ts';
import { overviewSource } from './overview/watch.ts';
import { participantClient } from './participants.ts';
import { workReplays } from './replays/work.ts';
import { opsRoutes } from './routes.ts';

const participantTimeoutMs = 3_000;

/** What serves the operators: the index of dead letters, the replays, the audit's relay, and the routes. */
export async function startOps(options: {
  config: Config;
  db: Knex;
  redis: Redis;
  lockNodes: readonly Redis[];
  kafka: KafkaConnection;
  runner: Runner;
  policy: Policy;
  /** Undefined where nobody is told. */
  externalApi: Receiver['condition'] | undefined;
  instance: string;
  lockPrefix: string;
  onFatal: (error: Error) => void;
  log: Logger;
}): Promise<{ routes: (app: App) => void; stop: () => Promise<void> }> {
  const {
    config,
    db,
    redis,
    lockNodes,
    kafka,
    runner,
    policy,
    externalApi,
    instance,
    lockPrefix,
    onFatal,
    log,
  } = options;
  const participants = participantClient(
    {
      reservation: config.RESERVATION_URL,
      payment: config.PAYMENT_URL,
      balance: config.BALANCE_URL,
      token: config.TOKEN_URL,
    },
    participantTimeoutMs,
  );
  const { publish } = kafka;
  const letters = await followLetters({ kafka, db, onFatal, log });
  const replays = every(100, 'replays', () => workReplays({ db, publish, instance }), log);
  const relay = every(250, 'audit', () => relayAudit(db, publish), log);
  const overview = overviewSource({ db, kafka, externalApi, log });
  overviewGauges(overview);
  const judge = letterJudge({ db, participants });
  return {
    routes: (app) =>
      opsRoutes(app, {
        config,
        db,
        redis,
        lockNodes,
        kafka,
        lockPrefix,
        runner,
        policy,
        participants,
        judge,
        overview,
        publish,
      }),
    stop: async () => {
      await Promise.all([overview.stop(), replays.stop(), relay.stop(), letters.stop()]);
    },
  };
}
