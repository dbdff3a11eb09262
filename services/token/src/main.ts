import { loadConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { every } from '@holdfast/shared/process/every';
import { admitAll } from './admit.ts';
import { Config } from './config.ts';
import { expireTokens } from './expire-tokens.ts';
import { issueTokenRoute } from './http/issue-token.ts';
import { ownTokenRoutes } from './http/own-token.ts';
import { tokenParticipant } from './participant.ts';
import { policyOf } from './policy.ts';
import { reservationService } from './reservation-service.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'token',
  description: 'Queue tokens: who may hold a seat at a concert, or pay for a hold.',
  loadConfig: () => loadConfig(Config),
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
  }),
  routes: (app, { config, db, wakeOutbox }) => {
    const policy = policyOf(config);
    const reservations = reservationService(config.RESERVATION_URL, 2_000);
    issueTokenRoute(app, { db, reservations, policy, wakeOutbox });
    ownTokenRoutes(app, { db, policy, wakeOutbox });
  },
});
