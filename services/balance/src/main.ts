import { runParticipant } from '@holdfast/shared/participant/run';
import { Config } from './config.ts';
import { balanceRoutes } from './http/balance.ts';
import { chargeRoutes } from './http/charges.ts';
import { devUserRoutes } from './http/dev-users.ts';
import { balanceParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'balance',
  description: "Users' accounts: what is on them, and every movement that made it so.",
  config: Config,
  migrations,
  participant: () => balanceParticipant,
  routes: (app, needs) => {
    balanceRoutes(app, needs);
    chargeRoutes(app, needs);
    devUserRoutes(app, needs);
  },
});
