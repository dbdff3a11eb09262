import type { Admission } from './admit.ts';
import type { Config } from './config.ts';

/** How tokens are given out. */
export type Policy = Admission & { secret: string; waitingTtlMs: number };

/** The policy of a configuration. */
export const policyOf = (config: Config): Policy => ({
  secret: config.TOKEN_SECRET,
  maxActive: config.QUEUE_MAX_ACTIVE,
  activeTtlMs: config.ACTIVE_TTL_MS,
  waitingTtlMs: config.WAITING_TTL_MS,
});
