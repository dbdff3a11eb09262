import { query, runAll, type Transaction } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import { v7 as uuidv7 } from 'uuid';
import { admit } from './admit.ts';
import { activated, deleted } from './events.ts';
import { closeGaps } from './line/departures.ts';
import { drawNumbers, type HeldLine, holdLines } from './line/join.ts';
import type { Standing } from './place.ts';
import type { Policy } from './policy.ts';
import { deleteTokens, tokenColumns } from './rows.ts';
import { hashOf, tokenOf } from './secret.ts';
import type { ActiveToken, Token } from './state.ts';

/** Who asks for a token, and what it shall admit to. */
export type Ask = { userId: string; traceparent: string } & (
  | { concertId: string }
  | { reservationId: string }
);

/**
 * Gives users tokens, all in one go: the one that they have for this already, or a new one. For a concert it waits until
 * there is room and everyone who came before is admitted, which may be at once; to pay for a reservation it is active.
 *
 * @returns for each ask its token; of two by one user for one thing, the same
 */
export async function issue(tx: Transaction, asks: readonly Ask[], policy: Policy): Promise<Standing[]> {
  const wanted = new Map(asks.map((ask) => [keyOf(ask.userId, subjectOf(ask)), ask]));
  const concertIds = [...new Set(asks.flatMap((ask) => ('concertId' in ask ? ask.concertId : [])))].sort();
  const lines = await holdLines(tx, concertIds);

  const standings = await keep(tx, wanted);
  const missing = [...wanted].flatMap(([key, ask]) => (standings.has(key) ? [] : [ask]));
  for (const token of await create(tx, missing, lines, policy)) standings.set(keyOfToken(token), token);
  for (const token of await admitNow(tx, concertIds, wanted, standings, policy)) {
    const key = keyOfToken(token);
    if (standings.has(key)) standings.set(key, { ...token, queueNo: null });
    const line = lines.get(token.concertId as string);
    if (line) line.waiting -= 1;
  }

  // Another instance was faster for the same user: its token is this one's as well.
  const lost = missing.filter((ask) => !standings.has(keyOf(ask.userId, subjectOf(ask))));
  if (lost.length > 0)
    for (const token of await issue(tx, lost, policy)) standings.set(keyOfToken(token), token);

  placeNewcomers(standings.values(), lines);
  return asks.map((ask) => standings.get(keyOf(ask.userId, subjectOf(ask))) as Standing);
}

const subjectOf = (ask: Ask): string => ('concertId' in ask ? ask.concertId : ask.reservationId);
const keyOf = (userId: string, subject: string): string => `${userId} ${subject}`;
const keyOfToken = ({ userId, concertId, reservationId }: Token): string =>
  keyOf(userId, (concertId ?? reservationId) as string);

/** The tokens that users have and that are still good. Those that have expired make way for new ones. */
async function keep(tx: Transaction, wanted: ReadonlyMap<string, Ask>): Promise<Map<string, Standing>> {
  const asks = [...wanted.values()];
  const tokens = await query<Standing & { expired: boolean }>(
    tx,
    `select ${tokenColumns}, queue_no as "queueNo",
       status = 'ACTIVE' and expires_at <= now() and claimed_by is null as expired
     from unnest(?::uuid[], ?::uuid[]) as ask (user_id, subject)
     join token on token.user_id = ask.user_id
       and coalesce(token.concert_id, token.reservation_id) = ask.subject`,
    [asks.map(({ userId }) => userId), asks.map(subjectOf)],
  );
  await replaceExpired(
    tx,
    tokens.filter(({ expired }) => expired),
    wanted,
  );
  return new Map(tokens.flatMap((token) => (token.expired ? [] : [[keyOfToken(token), token]])));
}

async function replaceExpired(
  tx: Transaction,
  expired: readonly Token[],
  wanted: ReadonlyMap<string, Ask>,
): Promise<void> {
  if (expired.length === 0) return;
  // Some may have been claimed or deleted by now.
  const tokens = await query<Token>(
    tx,
    `select ${tokenColumns} from token
     where token_id = any(?::uuid[]) and expires_at <= now() and claimed_by is null
     order by token_hash for update`,
    [expired.map(({ tokenId }) => tokenId)],
  );
  await runAll(tx, deleteTokens(tokens));
  await enqueue(
    tx,
    tokens.map((token) => deleted(token, 'expired')),
    tokens.map((token) => wanted.get(keyOfToken(token))?.traceparent),
  );
}

/** New tokens, except where a user has got one for the same thing in the meantime. */
async function create(
  tx: Transaction,
  asks: readonly Ask[],
  lines: Map<string, HeldLine>,
  policy: Policy,
): Promise<Standing[]> {
  if (asks.length === 0) return [];
  const numbers = await drawNumbers(
    tx,
    lines,
    asks.map((ask) => ('concertId' in ask ? ask.concertId : null)),
  );
  const news = asks.map((ask, i) => {
    const tokenId = uuidv7();
    const concertId = 'concertId' in ask ? ask.concertId : null;
    const reservationId = 'reservationId' in ask ? ask.reservationId : null;
    const tokenHash = hashOf(tokenOf(policy.secret, tokenId));
    return { ...ask, tokenId, tokenHash, concertId, reservationId, queueNo: numbers[i] ?? null };
  });
  const tokens = await query<Standing>(
    tx,
    `insert into token (token_id, token_hash, user_id, concert_id, reservation_id, queue_no, status, expires_at)
     select token_id, token_hash, user_id, concert_id, reservation_id, queue_no,
       case when concert_id is null then 'ACTIVE' else 'WAITING' end,
       case when concert_id is null then now() + ? * interval '1 millisecond' end
     from unnest(?::uuid[], ?::text[], ?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[])
       as new (token_id, token_hash, user_id, concert_id, reservation_id, queue_no)
     on conflict (user_id, coalesce(concert_id, reservation_id)) do nothing
     returning ${tokenColumns}, queue_no as "queueNo"`,
    [
      policy.activeTtlMs,
      news.map(({ tokenId }) => tokenId),
      news.map(({ tokenHash }) => tokenHash),
      news.map(({ userId }) => userId),
      news.map(({ concertId }) => concertId),
      news.map(({ reservationId }) => reservationId),
      news.map(({ queueNo }) => queueNo),
    ],
  );
  const made = new Map(tokens.map((token) => [token.tokenId, token]));
  await closeGaps(
    tx,
    news.flatMap(({ tokenId, concertId, queueNo }) =>
      made.has(tokenId) || concertId === null || queueNo === null ? [] : [{ concertId, queueNo }],
    ),
  );
  for (const { concertId } of tokens) {
    const line = concertId === null ? undefined : lines.get(concertId);
    if (line) line.waiting += 1;
  }
  const toPay = news.filter(({ tokenId, concertId }) => concertId === null && made.has(tokenId));
  await enqueue(
    tx,
    toPay.map(({ tokenId }) => activated(made.get(tokenId) as ActiveToken)),
    toPay.map(({ traceparent }) => traceparent),
  );
  return tokens;
}

/** Who has come for these concerts may find room at once. */
function admitNow(
  tx: Transaction,
  concertIds: readonly string[],
  wanted: ReadonlyMap<string, Ask>,
  standings: ReadonlyMap<string, Standing>,
  policy: Policy,
): Promise<ActiveToken[]> {
  if (concertIds.length === 0) return Promise.resolve([]);
  const traces = [...standings].map(([key, { tokenId }]): [string, string] => [
    tokenId,
    wanted.get(key)?.traceparent as string,
  ]);
  return admit(tx, concertIds, policy, new Map(traces));
}

/** Newcomers stand at the end of their line, one behind the other. */
function placeNewcomers(standings: Iterable<Standing>, lines: ReadonlyMap<string, HeldLine>): void {
  for (const standing of standings) {
    const { concertId, queueNo, status } = standing;
    const line = concertId === null ? undefined : lines.get(concertId);
    if (!line || status !== 'WAITING' || queueNo === null || queueNo <= line.lastNoBefore) continue;
    standing.position = Math.max(1, line.waiting - (line.lastNo - queueNo));
  }
}
