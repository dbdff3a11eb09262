import { revert as contract } from '@holdfast/shared/contracts/reservation';
import { compensation } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Asked to undo a `confirm` that has run: it is final, and the saga has succeeded. */
export const revert = compensation(contract, (_: State) => ({ effect: 'stands' }));
