import { gather } from '@holdfast/shared/batching/gather';

/**
 * Finds sagas by their ids, those that are asked for at once together: after an outage everyone who has waited asks at
 * once, and there are but few connections.
 */
export const sagaFinder = <Saga>(load: (sagaIds: string[]) => Promise<ReadonlyMap<string, Saga>>) =>
  gather<string, Saga | undefined>(
    async (sagaIds) => {
      const sagas = await load(sagaIds);
      return sagaIds.map((id) => sagas.get(id));
    },
    { maxBatch: 500, maxWaiting: 5_000 },
  );
