import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { type Database, prepared, type Statement } from '@holdfast/shared/database/query';
import { type State, stateOf, type Token } from './state.ts';

/** The columns of a {@link Token}. */
export const tokenColumns = `
  token.token_id as "tokenId", token.token_hash as "tokenHash", token.user_id as "userId",
  token.concert_id as "concertId", token.reservation_id as "reservationId", token.status,
  token.claimed_by as "claimedBy", token.expires_at as "expiresAt"`;

/** Loads and locks the tokens that `commands` are about, in one order, so that batches can't deadlock. */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  const rows = await prepared<Token & { now: Date }>(
    tx,
    `with locked as (
       select ${tokenColumns} from token where token_hash = any(?::text[]) order by token_hash for update
     )
     select clock.now, locked.* from (select now() as now) clock left join locked on true`,
    [commands.map(({ payload }) => payload.tokenHash)],
  );
  const { now } = rows[0] as { now: Date };
  return stateOf(
    now,
    rows.filter(({ tokenId }) => tokenId !== null),
  );
}

/** What writes the claims that have changed, and deletes the tokens that are gone. */
export function changes({ tokens, loaded }: State): Statement[] {
  const changed = [...tokens.values()].filter((token) => loaded.get(token.tokenHash) !== token);
  const gone = [...loaded.values()].filter(({ tokenHash }) => !tokens.has(tokenHash));
  return [...updateClaims(changed), ...deleteTokens(gone)];
}

function updateClaims(tokens: readonly Token[]): Statement[] {
  if (tokens.length === 0) return [];
  return [
    {
      sql: `update token set claimed_by = new.claimed_by
     from unnest(?::uuid[], ?::uuid[]) as new (token_id, claimed_by)
     where token.token_id = new.token_id`,
      bindings: [tokens.map(({ tokenId }) => tokenId), tokens.map(({ claimedBy }) => claimedBy)],
    },
  ];
}

/** Deletes these tokens. */
export function deleteTokens(tokens: readonly Token[]): Statement[] {
  if (tokens.length === 0) return [];
  return [
    {
      sql: 'delete from token where token_id = any(?::uuid[])',
      bindings: [tokens.map(({ tokenId }) => tokenId)],
    },
  ];
}
