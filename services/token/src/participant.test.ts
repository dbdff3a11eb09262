import { randomUUID } from 'node:crypto';
import * as contract from '@holdfast/shared/contracts/token';
import { decode } from '@holdfast/shared/messaging/cloud-event';
import type { Consumption } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { eventsTopic } from '@holdfast/shared/messaging/topics';
import { relayOutbox } from '@holdfast/shared/outbox/outbox';
import { participate } from '@holdfast/shared/participant/participate';
import { createLogger } from '@holdfast/shared/process/logger';
import { type TestSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { eventually } from '@holdfast/shared/testing/eventually';
import {
  connectTestKafka,
  playOrchestrator,
  record,
  type TestOrchestrator,
} from '@holdfast/shared/testing/kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { admitAll } from './admit.ts';
import { expireTokens } from './expire-tokens.ts';
import { tokenParticipant } from './participant.ts';
import { hashOf, tokenOf } from './secret.ts';
import { createTokenDatabase, join as joinLine, policy, updateTokens } from './testing/database.ts';

/** The token service on real Kafka and Postgres, as the orchestrator sees it. */

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let kafka: KafkaConnection;
let commands: Consumption;
let orchestrator: TestOrchestrator;
const log = createLogger({ service: 'token', level: 'silent' });

beforeAll(async () => {
  database = await createTokenDatabase();
  kafka = await connectTestKafka();
  commands = await participate({
    participant: tokenParticipant,
    db: database.db,
    kafka,
    faults: false,
    onFatal: (error) => {
      throw error;
    },
    log,
  });
  orchestrator = await playOrchestrator(
    kafka,
    tokenParticipant.handlers.map(({ command }) => command),
  );
});
afterAll(async () => {
  await orchestrator.stop();
  await commands.stop();
  await kafka.close();
  await database.drop();
});

let sagas = 0;
const nextSaga = (): TestSaga => ({ sagaId: randomUUID(), sagaNo: ++sagas });

const join = (userId: string, concertId: string) => joinLine(database.db, { userId, concertId });

async function newToken(): Promise<{ userId: string; tokenHash: string; concertId: string }> {
  const [userId, concertId] = [randomUUID(), randomUUID()];
  const { tokenId } = await join(userId, concertId);
  return { userId, tokenHash: hashOf(tokenOf(policy.secret, tokenId)), concertId };
}

const claimOf = ({ userId, tokenHash }: { userId: string; tokenHash: string }, by: TestSaga) =>
  todo(contract.claim, { tokenHash, userId }, by);

describe('the token service', () => {
  test('lets one of many sagas use a token, and the next one once it is released', async () => {
    const token = await newToken();
    const claims = Array.from({ length: 20 }, () => claimOf(token, nextSaga()));
    const replies = await orchestrator.ask(claims);
    expect(replies.filter(({ outcome }) => outcome === 'done')).toEqual([
      { outcome: 'done', result: { concertId: token.concertId } },
    ]);

    const { sagaId, sagaNo } = claims[replies.findIndex(({ outcome }) => outcome === 'done')] as TestSaga;
    const { tokenHash } = token;
    const release = undo(contract.release, { tokenHash }, { sagaId, sagaNo });
    expect(await orchestrator.ask([release])).toMatchObject([{ effect: 'undone' }]);
    expect(await orchestrator.ask([claimOf(token, nextSaga())])).toMatchObject([{ outcome: 'done' }]);
  });

  test('admits once: a used token is gone, and its place is the next one’s', async () => {
    const token = await newToken();
    const { concertId, tokenHash } = token;
    await join(randomUUID(), concertId);
    const next = randomUUID();
    expect(await join(next, concertId)).toMatchObject({ status: 'WAITING' });

    const remove = todo(contract.deleteToken, { tokenHash }, nextSaga());
    expect(await orchestrator.ask([remove])).toEqual([{ outcome: 'done', result: {} }]);
    expect(await orchestrator.ask([remove])).toEqual([{ outcome: 'done', result: {} }]);
    expect(await orchestrator.ask([claimOf(token, nextSaga())])).toMatchObject([
      { code: 'token-not-active', detail: 'There is no such token.' },
    ]);
    await admitAll(database.db, policy);
    expect(await join(next, concertId)).toMatchObject({ status: 'ACTIVE' });
  });

  test('keeps a token that is in use past its time, and lets it expire afterwards', async () => {
    const token = await newToken();
    const saga = nextSaga();
    await orchestrator.ask([claimOf(token, saga)]);
    await updateTokens(database.db, token.userId, 'expires_at = now()');
    await expireTokens(database.db);
    const { tokenHash } = token;
    expect(await orchestrator.ask([undo(contract.release, { tokenHash }, saga)])).toMatchObject([
      { effect: 'undone' },
    ]);
    expect(await orchestrator.ask([claimOf(token, nextSaga())])).toMatchObject([
      { detail: 'The token has expired.' },
    ]);
    await expireTokens(database.db);
    expect(await orchestrator.ask([claimOf(token, nextSaga())])).toMatchObject([
      { detail: 'There is no such token.' },
    ]);
  });

  test('tells of each token’s life, from the outbox and from commands', async () => {
    const { db } = database;
    const recorder = await record(kafka, [eventsTopic('token')]);
    const outbox = relayOutbox('token', { db, kafka, log });
    const token = await newToken();
    const saga = nextSaga();
    await orchestrator.ask([claimOf(token, saga)]);
    const heard = () =>
      recorder.records.map(decode).flatMap(({ type, data }) => {
        const { userId, reason } = data as { userId: string; reason?: string };
        return userId === token.userId ? [[type, reason]] : [];
      });
    await eventually('the activation', () => heard().length === 1);
    const remove = { ...todo(contract.deleteToken, { tokenHash: token.tokenHash }, saga), step: 'delete' };
    await orchestrator.ask([{ ...remove, id: `${saga.sagaId}/delete/do` }]);
    await eventually('the deletion', () => heard().length === 2);
    expect(heard()).toEqual([
      ['token.activated', undefined],
      ['token.deleted', 'used'],
    ]);
    await outbox.stop();
    await recorder.stop();
  });
});
