import type { Holdfast } from '../api/holdfast.ts';
import { untilEnded } from '../api/until-ended.ts';
import type { Journal } from '../journal.ts';
import type { SagaFacts } from '../verdicts/facts.ts';

/** Waits until every saga that an answer has named has ended, or `deadline` (ms since the epoch) is over. */
export function awaitSagas(
  api: Holdfast,
  { sagas }: Journal,
  deadline: number,
  onEach: () => void,
): Promise<SagaFacts[]> {
  return Promise.all(
    Array.from(sagas, async ([sagaId, user]) => {
      const { ok, body } = await untilEnded(api, user, sagaId, deadline);
      onEach();
      if (!ok) return { sagaId, type: 'unknown', status: undefined, failure: undefined };
      return { sagaId, type: body.type, status: body.status, failure: body.failure?.type };
    }),
  );
}
