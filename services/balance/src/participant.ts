import type { Participant } from '@holdfast/shared/participant/participate';
import { credit } from './commands/credit.ts';
import { deduct } from './commands/deduct.ts';
import { load as loadBalance } from './commands/load.ts';
import { loadUser } from './commands/load-user.ts';
import { refund } from './commands/refund.ts';
import { revertCredit } from './commands/revert-credit.ts';
import { changes, load } from './rows.ts';
import type { State } from './state.ts';

/** The balance service's part in the sagas. */
export const balanceParticipant: Participant<State> = {
  service: 'balance',
  handlers: [loadUser, loadBalance, deduct, refund, credit, revertCredit],
  load,
  changes,
};
