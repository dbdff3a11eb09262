import { levelOfRedisFault, redisTls } from '@holdfast/shared/config/redis';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

export type RedisConnections = {
  commands: Redis;
  /** A connection that subscribes can do nothing else. */
  subscriber: Redis;
  /** Each of the servers that vote on seat locks. */
  lockNodes: readonly Redis[];
  /** Throws where seats can't be locked: without the rest sagas run as well. */
  check: () => Promise<void>;
  stop: () => Promise<void>;
};

/** @param options.lockUrls servers that know nothing of each other; unless given, the one of `url` has the locks as well */
export function connectRedis(
  options: { url: string; lockUrls?: readonly string[] | undefined; caFile?: string | undefined },
  log: Logger,
): RedisConnections {
  const { url, lockUrls, caFile } = options;
  const forCommands = (url: string): Redis =>
    new Redis(url, {
      ...redisTls(url, caFile),
      // What many requests ask for in one turn of the event loop goes out as one write.
      enableAutoPipelining: true,
      connectTimeout: 3_000,
      commandTimeout: 2_000,
      // A client waits for the lock: while Redis is away it is better told so than kept.
      maxRetriesPerRequest: 1,
      retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
    });
  const commands = forCommands(url);
  const subscriber = new Redis(url, {
    ...redisTls(url, caFile),
    connectTimeout: 3_000,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  const lockNodes = lockUrls?.map(forCommands) ?? [commands];
  const connections = new Set([commands, subscriber, ...lockNodes]);
  for (const connection of connections)
    connection.on('error', (error) => log[levelOfRedisFault(error)]({ err: error }, 'redis'));
  return {
    commands,
    subscriber,
    lockNodes,
    check: async () => {
      const answers = await Promise.allSettled(lockNodes.map((node) => node.ping()));
      const silent = answers.filter((answer) => answer.status === 'rejected');
      if (silent.length * 2 >= lockNodes.length) throw silent[0]?.reason;
    },
    stop: async () => {
      for (const connection of connections) connection.disconnect();
    },
  };
}
