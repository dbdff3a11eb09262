import { serviceConfig } from '@holdfast/shared/config/common';
import { runParticipant } from '@holdfast/shared/participant/run';
import { paymentRoutes } from './http/payments.ts';
import { paymentParticipant } from './participant.ts';
import { migrations } from './schema.ts';

runParticipant({
  name: 'payment',
  description: 'Payments of reservations.',
  config: serviceConfig({}),
  migrations,
  participant: () => paymentParticipant,
  routes: paymentRoutes,
});
