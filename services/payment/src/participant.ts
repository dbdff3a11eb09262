import type { Participant } from '@holdfast/shared/participant/participate';
import { cancel } from './commands/cancel.ts';
import { create } from './commands/create.ts';
import { refund } from './commands/refund.ts';
import { reinstate } from './commands/reinstate.ts';
import { changes, load } from './rows.ts';
import type { State } from './state.ts';

/** The payment service's part in the sagas. */
export const paymentParticipant: Participant<State> = {
  service: 'payment',
  handlers: [create, cancel, refund, reinstate],
  load,
  changes,
};
