import rateLimit from '@fastify/rate-limit';
import type { App } from '@holdfast/shared/http/app';
import { problem } from '@holdfast/shared/http/problems';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';

type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Hooks for `onRequest`, against those who ask too often: the address before anything is looked at, then the user. */
export type Limits = { ofAddress: Limit; ofUser: Limit };

export type LimitSettings = {
  windowMs: number;
  /** Requests in a window; 0 for any number. */
  perUser: number;
  perAddress: number;
};

/**
 * Counts requests in Redis, for all instances together. Nobody is refused because Redis doesn't answer, or has
 * forgotten.
 *
 * @param options.prefix goes before the names of what is stored
 */
export async function limitsOn(
  app: App,
  { redis, prefix, settings }: { redis: Redis; prefix: string; settings: LimitSettings },
): Promise<Limits> {
  const { windowMs, perUser, perAddress } = settings;
  await app.register(rateLimit, {
    global: false,
    redis,
    nameSpace: `${prefix}rate:token:`,
    timeWindow: windowMs,
    skipOnError: true,
  });

  function limitTo(max: number, keyGenerator: (request: FastifyRequest) => string): Limit {
    if (max === 0) return async () => undefined;
    const check = app.createRateLimit({ max, keyGenerator });
    return async (request, reply) => {
      const limit = await check(request);
      if (limit.isAllowed) return;
      tell(reply, limit);
      if (!limit.isExceeded) return;
      throw problem('too-many-requests', `At most ${max} requests in ${windowMs / 1_000} s.`, {
        retryAfter: Math.max(1, limit.ttlInSeconds),
      });
    };
  }

  return {
    // An IPv6 user has a whole /64 of addresses to choose from.
    ofAddress: limitTo(perAddress, ({ ip }) => `address:${rateLimit.normalizeIP(ip)}`),
    ofUser: limitTo(perUser, ({ user }) => `user:${user.userId}`),
  };
}

type State = { max: number; remaining: number; ttlInSeconds: number };

/** The RateLimit headers, of the limit that is closer to being reached. */
function tell(reply: FastifyReply, { max, remaining, ttlInSeconds }: State): void {
  const told = reply.getHeader('ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.header('ratelimit-limit', max);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', ttlInSeconds);
}
