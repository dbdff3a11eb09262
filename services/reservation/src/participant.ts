import type { Participant } from '@holdfast/shared/participant/participate';
import { cancelHold } from './commands/cancel-hold.ts';
import { confirm } from './commands/confirm.ts';
import { hold } from './commands/hold.ts';
import { load as loadReservation } from './commands/load.ts';
import { loadSeat } from './commands/load-seat.ts';
import { revert } from './commands/revert.ts';
import { unmark } from './commands/unmark.ts';
import { load, save } from './rows.ts';
import type { State } from './state.ts';

/** The reservation service's part in the sagas. */
export const reservationParticipant = (options: { holdTtlMs: number }): Participant<State> => ({
  service: 'reservation',
  handlers: [loadSeat, hold(options.holdTtlMs), cancelHold, loadReservation, unmark, confirm, revert],
  load,
  save,
});
