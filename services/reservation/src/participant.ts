import type { Participant } from '@holdfast/shared/participant/participate';
import { cancelHold } from './commands/cancel-hold.ts';
import { confirm } from './commands/confirm.ts';
import { type HoldOptions, hold } from './commands/hold.ts';
import { load as loadReservation } from './commands/load.ts';
import { loadPaid } from './commands/load-paid.ts';
import { loadSeat } from './commands/load-seat.ts';
import { releaseSeats } from './commands/release-seats.ts';
import { revert } from './commands/revert.ts';
import { unmark } from './commands/unmark.ts';
import { unmarkPaid } from './commands/unmark-paid.ts';
import { changes, load } from './rows.ts';
import type { State } from './state.ts';

/** The reservation service's part in the sagas. */
export const reservationParticipant = (options: HoldOptions): Participant<State> => ({
  service: 'reservation',
  handlers: [
    loadSeat,
    hold(options),
    cancelHold,
    loadReservation,
    unmark,
    confirm,
    revert,
    loadPaid,
    unmarkPaid,
    releaseSeats,
  ],
  load,
  changes,
});
