import { loadConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { every } from '@holdfast/shared/process/every';
import { Config } from './config.ts';
import { expireHolds } from './expire-holds.ts';
import { routes } from './http/routes.ts';
import { reservationParticipant } from './participant.ts';
import { migrations } from './schema.ts';
import { seed } from './seed.ts';

runParticipant({
  name: 'reservation',
  description: 'Concerts, performances, seats, and the reservations of seats.',
  loadConfig: () => loadConfig(Config),
  migrations,
  prepare: async ({ config, db }) => {
    if (config.HOLDFAST_SEED) await seed(db);
  },
  participant: (config) =>
    reservationParticipant({ holdTtlMs: config.HOLD_TTL_MS, maxSeatsPerUser: config.MAX_SEATS_PER_USER }),
  jobs: ({ config, db, log }) => ({
    expiry: every(config.EXPIRE_EVERY_MS, 'expiry of holds', () => expireHolds(db), log),
  }),
  routes,
});
