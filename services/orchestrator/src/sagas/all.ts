import { oneByOne, type SagaDefinition } from '../engine/definition.ts';
import { paySaga } from './pay.ts';
import { refundSaga } from './refund.ts';
import { reserveSaga } from './reserve.ts';

/**
 * Every definition by which a saga has ever begun. None is taken out again: a saga ends by the one that it began with,
 * and its row is read by it ever after. See docs/decisions/010.
 */
export const allDefinitions: readonly SagaDefinition[] = [
  reserveSaga,
  oneByOne(paySaga, 1),
  paySaga,
  refundSaga,
];
