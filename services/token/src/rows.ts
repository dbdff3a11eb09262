import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { type Database, prepared } from '@holdfast/shared/database/query';
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

/** Writes the claims that have changed, and deletes the tokens that are gone. */
export async function save(tx: Database, { tokens, loaded }: State): Promise<void> {
  const changed = [...tokens.values()].filter((token) => loaded.get(token.tokenHash) !== token);
  const gone = [...loaded.values()].filter(({ tokenHash }) => !tokens.has(tokenHash));
  await Promise.all([updateClaims(tx, changed), deleteTokens(tx, gone)]);
}

async function updateClaims(tx: Database, tokens: readonly Token[]): Promise<void> {
  if (tokens.length === 0) return;
  await prepared(
    tx,
    `update token set claimed_by = new.claimed_by
     from unnest(?::uuid[], ?::uuid[]) as new (token_id, claimed_by)
     where token.token_id = new.token_id`,
    [tokens.map(({ tokenId }) => tokenId), tokens.map(({ claimedBy }) => claimedBy)],
  );
}

/** Deletes these tokens. */
export async function deleteTokens(tx: Database, tokens: readonly Token[]): Promise<void> {
  if (tokens.length === 0) return;
  await prepared(tx, 'delete from token where token_id = any(?::uuid[])', [
    tokens.map(({ tokenId }) => tokenId),
  ]);
}
