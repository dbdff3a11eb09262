import { problem } from '@holdfast/shared/http/problems';

/** Where the contract stands and the work is still to come. */
export const pending = async (): Promise<never> => {
  throw problem('unavailable', 'Not built yet.');
};
