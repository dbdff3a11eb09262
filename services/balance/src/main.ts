import { readConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { Config } from './config.ts';
import { routes } from './http/routes.ts';
import { checkRegularly } from './ledger-check/job.ts';
import { balanceParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'balance',
  description: "Users' accounts: what is on them, and every movement that made it so.",
  loadConfig: () => readConfig('balance', Config),
  migrations,
  participant: () => balanceParticipant,
  jobs: ({ config, db, log }) => ({
    'ledger check': checkRegularly(db, config.LEDGER_CHECK_EVERY_MS, log),
  }),
  routes,
});
