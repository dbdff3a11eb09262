import type { Participant } from '@holdfast/shared/participant/participate';
import { claim } from './commands/claim.ts';
import { deleteToken } from './commands/delete.ts';
import { release } from './commands/release.ts';
import { changes, load } from './rows.ts';
import type { State } from './state.ts';

/** The token service's part in the sagas. */
export const tokenParticipant: Participant<State> = {
  service: 'token',
  handlers: [claim, release, deleteToken],
  load,
  changes,
};
