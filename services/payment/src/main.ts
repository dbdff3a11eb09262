import { serviceConfig } from '@holdfast/shared/config/common';
import { loadConfig } from '@holdfast/shared/config/config';
import { runParticipant } from '@holdfast/shared/participant/run';
import { paymentRoutes } from './http/payments.ts';
import { paymentParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'payment',
  description: 'Payments of reservations.',
  loadConfig: () => loadConfig(serviceConfig({})),
  migrations,
  participant: () => paymentParticipant,
  routes: paymentRoutes,
});
