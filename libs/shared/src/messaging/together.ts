import { gather } from '../batching/gather.ts';

/**
 * What several partitions have at hand is handled at once, as one batch; where that fails, each tries for itself, so that
 * nobody's messages fail for another's fault.
 *
 * @param handle all or nothing
 */
export function together<Message>(
  handle: (messages: Message[]) => Promise<void>,
): (messages: Message[]) => Promise<void> {
  const alone = (messages: Message[]): Promise<Error | undefined> =>
    handle(messages).then(
      () => undefined,
      (error: Error) => error,
    );
  const gathered = gather<Message[], Error | undefined>(
    async (batches) => {
      const error = await alone(batches.flat());
      if (!error || batches.length === 1) return batches.map(() => error);
      return Promise.all(batches.map(alone));
    },
    { maxBatch: 16, maxWaiting: 64 },
  );
  return async (messages) => {
    const error = await gathered(messages);
    if (error) throw error;
  };
}
