import { readConfig } from '@holdfast/shared/config/config';
import type { App } from '@holdfast/shared/http/app';
import { type Needs, runParticipant } from '@holdfast/shared/participant/run';
import { every } from '@holdfast/shared/process/every';
import { Config } from './config.ts';
import { expireHolds } from './expire-holds.ts';
import { routes } from './http/routes.ts';
import { seatListeners } from './http/seat-listeners.ts';
import { reservationParticipant } from './participant.ts';
import { migrations } from './schema.ts';
import { followSeats } from './seat-map/follow-seats.ts';
import { seatMapIn } from './seat-map/seat-map.ts';
import { seed } from './seed.ts';

runParticipant({
  name: 'reservation',
  description: 'Concerts, performances, seats, and the reservations of seats.',
  loadConfig: () => readConfig('reservation', Config),
  migrations,
  prepare: async ({ config, db }) => {
    if (config.HOLDFAST_SEED) await seed(db);
  },
  participant: (config) =>
    reservationParticipant({ holdTtlMs: config.HOLD_TTL_MS, maxSeatsPerUser: config.MAX_SEATS_PER_USER }),
  jobs: ({ config, db, log }) => ({
    expiry: every(config.EXPIRE_EVERY_MS, 'expiry of holds', () => expireHolds(db), log),
  }),
  routes: serve,
});

async function serve(app: App, { config, db, kafka, wakeOutbox, log }: Needs<Config>): Promise<void> {
  const live = await followSeats({ db, kafka, log });
  app.addHook('onClose', live.stop);
  const listeners = seatListeners(
    {
      max: config.SEATS_MAX_STREAMS,
      maxPerAddress: config.SEATS_MAX_STREAMS_PER_ADDRESS,
      longestMs: 600_000,
    },
    live.position,
  );
  routes(app, { db, wakeOutbox, seatMap: seatMapIn(db, live, 1_000), listeners });
}
