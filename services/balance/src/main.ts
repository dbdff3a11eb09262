import { loadConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { Config } from './config.ts';
import { routes } from './http/routes.ts';
import { balanceParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'balance',
  description: "Users' accounts: what is on them, and every movement that made it so.",
  loadConfig: () => loadConfig(Config),
  migrations,
  participant: () => balanceParticipant,
  routes,
});
