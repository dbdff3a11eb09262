import type { Config } from './config.ts';

/** Who is admitted when. An operator can set the first two for a concert; these are for all others. */
export type Admission = {
  /** How many users of a concert are admitted at once. */
  maxActive: number;
  /** How many are admitted in any one second. */
  maxPerSecond: number;
  activeTtlMs: number;
};

/** How tokens are given out. */
export type Policy = Admission & { secret: string; waitingTtlMs: number };

/** The policy of a configuration. */
export const policyOf = (config: Config): Policy => ({
  secret: config.TOKEN_SECRET,
  maxActive: config.QUEUE_MAX_ACTIVE,
  maxPerSecond: config.QUEUE_MAX_PER_SECOND,
  activeTtlMs: config.ACTIVE_TTL_MS,
  waitingTtlMs: config.WAITING_TTL_MS,
});
