import { gather, Overloaded } from '@holdfast/shared/batching/gather';
import { inTransaction, query, type Transaction } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import { type Ask, issue } from './issue.ts';
import { type Leaving, leave } from './leave.ts';
import { hasPassed } from './line/line.ts';
import { linesIn, type PacedLine } from './line/lines.ts';
import { presenceIn } from './line/presence.ts';
import { type Place, placeOf, type Standing } from './place.ts';
import type { Policy } from './policy.ts';
import { tokenColumns } from './rows.ts';

export type Owned = { tokenHash: string; userId: string };

/** What users do with their tokens. Requests that come at once share a statement, and a transaction. */
export type Places = {
  /** The token that a user has or now gets, and whether a saga is using it. */
  join: (ask: Ask) => Promise<Place & { claimed: boolean }>;
  /** The line of what is asked for, if there is one yet. */
  lineOf: (ask: Ask) => Promise<PacedLine | undefined>;
  /** Joins in a transaction of the caller's, which waits for nothing else: others wait for what it holds. */
  joinWithin: (tx: Transaction, ask: Ask, line: PacedLine | undefined) => Promise<Place>;
  /** The place of a user's own token, as long as that is good. Who waits and asks is known to be there. */
  find: (owned: Owned) => Promise<Found | undefined>;
  leave: (leaving: Leaving) => Promise<'token-not-found' | 'token-in-use' | undefined>;
  /** Whether somebody who waited may have been admitted or be gone, and has to be looked up. */
  mayHavePassed: (found: Found) => Promise<boolean>;
  /** Writes down who has asked. */
  flushPresence: () => Promise<void>;
};

export type Found = Place & { queueNo: number | null };

export function placesIn(db: Knex, policy: Policy): Places {
  const lines = linesIn(db, policy);
  const presence = presenceIn(db);

  const issueTogether = gather<Ask, Standing>((asks) => inTransaction(db, (tx) => issue(tx, asks, policy)), {
    maxBatch: 500,
    maxWaiting: 5_000,
  });
  const leaveTogether = gather<Leaving, Awaited<ReturnType<Places['leave']>>>(
    (leavings) => inTransaction(db, (tx) => leave(tx, leavings)),
    { maxBatch: 500, maxWaiting: 5_000 },
  );
  const lookUp = gather<string, Standing | undefined>(
    async (hashes) => {
      const tokens = await findTokens(db, hashes);
      return hashes.map((hash) => tokens.get(hash));
    },
    { maxBatch: 500, maxWaiting: 10_000 },
  );

  async function place(standing: Standing): Promise<Place> {
    const { status, concertId, queueNo } = standing;
    if (status !== 'WAITING' || concertId === null || queueNo === null)
      return placeOf(standing, undefined, policy);
    presence.note({ concertId, queueNo });
    return placeOf(standing, await lines.get(concertId), policy);
  }

  return {
    join: async (ask) => {
      const standing = await orOverloaded(issueTogether(ask));
      return { ...(await place(standing)), claimed: standing.claimedBy !== null };
    },
    lineOf: async (ask) => ('concertId' in ask ? await lines.get(ask.concertId) : undefined),
    joinWithin: async (tx, ask, line) => {
      const [standing] = await issue(tx, [ask], policy);
      return placeOf(standing as Standing, line, policy);
    },
    find: async ({ tokenHash, userId }) => {
      const standing = await orOverloaded(lookUp(tokenHash));
      if (standing?.userId !== userId) return undefined;
      return { ...(await place(standing)), queueNo: standing.queueNo };
    },
    leave: (leaving) => orOverloaded(leaveTogether(leaving)),
    mayHavePassed: async ({ concertId, queueNo }) => {
      if (concertId === null || queueNo === null) return true;
      presence.note({ concertId, queueNo });
      const paced = await lines.get(concertId);
      return !paced || hasPassed(paced.line, queueNo);
    },
    flushPresence: presence.flush,
  };
}

async function findTokens(db: Knex, hashes: readonly string[]): Promise<Map<string, Standing>> {
  const tokens = await query<Standing>(
    db,
    `select ${tokenColumns}, queue_no as "queueNo" from token
     where token_hash = any(?::text[]) and (status = 'WAITING' or expires_at > now() or claimed_by is not null)`,
    [hashes],
  );
  return new Map(tokens.map((token) => [token.tokenHash, token]));
}

async function orOverloaded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Overloaded) throw problem('overloaded', undefined, { retryAfter: 1 });
    throw error;
  }
}
