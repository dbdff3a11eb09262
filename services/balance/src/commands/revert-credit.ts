import { revertCredit as contract } from '@holdfast/shared/contracts/balance';
import { compensation } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Asked to undo a `credit` that has run: the money may be spent already, so it stands, and the saga has succeeded. */
export const revertCredit = compensation(contract, (_: State) => ({ effect: 'stands' }));
