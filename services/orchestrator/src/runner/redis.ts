import { Redis } from 'ioredis';
import type { Logger } from 'pino';

export type RedisConnections = {
  commands: Redis;
  /** A connection that subscribes can do nothing else. */
  subscriber: Redis;
  stop: () => Promise<void>;
};

export function connectRedis(url: string, log: Logger): RedisConnections {
  const commands = new Redis(url, {
    // What many requests ask for in one turn of the event loop goes out as one write.
    enableAutoPipelining: true,
    connectTimeout: 3_000,
    commandTimeout: 2_000,
    // A client waits for the lock: while Redis is away it is better told so than kept.
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  const subscriber = new Redis(url, {
    connectTimeout: 3_000,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  for (const connection of [commands, subscriber])
    connection.on('error', (error) => log.debug({ err: error }, 'redis'));
  return {
    commands,
    subscriber,
    stop: async () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
