import { levelOfRedisFault, redisTls } from '@holdfast/shared/config/redis';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** A connection for what may be forgotten: while Redis is away, commands fail at once instead of keeping a client. */
export function connectRedis(
  { url, caFile }: { url: string; caFile?: string | undefined },
  log: Logger,
): { redis: Redis; stop: () => Promise<void> } {
  const redis = new Redis(url, {
    ...redisTls(url, caFile),
    // What many requests ask for in one turn of the event loop goes out as one write.
    enableAutoPipelining: true,
    connectTimeout: 3_000,
    commandTimeout: 250,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  redis.on('error', (error) => log[levelOfRedisFault(error)]({ err: error }, 'redis'));
  return { redis, stop: async () => redis.disconnect() };
}
