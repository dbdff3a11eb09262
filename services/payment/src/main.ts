import { readConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { Config } from './config.ts';
import { paymentRoutes } from './http/payments.ts';
import { paymentParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'payment',
  description: 'Payments of reservations.',
  loadConfig: () => readConfig('payment', Config),
  migrations,
  participant: () => paymentParticipant,
  routes: paymentRoutes,
});
