import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Events that the external API didn't take: replayed, or with another content in their place. */

let system: TestSystem;
let nextSeat: () => Seat;
let operator: TestOperator;
let external: Awaited<ReturnType<typeof startExternalApi>>;

beforeAll(async () => {
  external = await startExternalApi();
  system = await startTestSystem('ops-events', {
    env: { EXTERNAL_API_URL: external.url },
  });
  [nextSeat, operator] = await Promise.all([system.seatSource(), newOperator(system.url)]);
});
afterAll(async () => {
  await system.stop();
  external.stop();
});

/** An external API that refuses events unless it is open. */
async function startExternalApi() {
  const state = { open: false };
  const taken: { id: string; body: { id: string; data: Record<string, unknown> } }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (state.open)
      taken.push({
        id: String(request.headers['webhook-id']),
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
    response.writeHead(state.open ? 204 : 422).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/events`, state, taken, stop: () => server.close() };
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;

const open = async (count: number): Promise<Body[]> =>
  eventually(async () => {
    const { body } = await operator.get('/dead-letters?consumerGroup=external-api&order=oldest');
    expect(body.items).toHaveLength(count);
    return body.items;
  });

test('an event that was not taken is delivered when its letter is replayed, with the id that it had', async () => {
  external.state.open = false;
  const user = await newUser(system.url);
  const held = await hold(user, nextSeat());
  const [letter] = await open(1);
  expect(letter).toMatchObject({
    topic: 'reservation.events',
    type: 'reservation.held',
    key: held.reservationId,
    error: { message: expect.stringContaining('422') },
  });
  const { body: shown } = await operator.get(`/dead-letters/${letter.letterId}`);
  expect(shown).toMatchObject({
    judgement: { verdict: 'will-run', explanation: expect.stringContaining('delivered again') },
    payload: { reservationId: held.reservationId },
    editable: true,
  });

  external.state.open = true;
  const select = { consumerGroup: 'external-api', topic: 'reservation.events', type: 'reservation.held' };
  await operator.post('/replays', { select });
  await eventually(() => expect(external.taken.map(({ id }) => id)).toContain(letter.messageId));
  await open(0);
});

test('an event that does not fit its contract is judged unreadable', async () => {
  await system.topics.caughtUp();
  const sent = system.topics.seen.find(({ headers }) => headers.ce_type === 'reservation.held');
  await system.topics.produce('reservation.events', {
    ...(sent?.raw as NonNullable<typeof sent>['raw']),
    value: Buffer.from('{"reservationId":"none"}'),
  });
  const [letter] = await open(1);
  const { body: shown } = await operator.get(`/dead-letters/${letter.letterId}`);
  expect(shown.judgement.verdict).toBe('unreadable');
  const select = { letterIds: [letter.letterId] };
  await operator.post('/dead-letters/discard', { select, reason: 'nobody meant it' });
});

test('an edited event is another event: it has an id of its own', async () => {
  external.state.open = false;
  const user = await newUser(system.url);
  const held = await hold(user, nextSeat());
  const [letter] = await open(1);
  const { body: shown } = await operator.get(`/dead-letters/${letter.letterId}`);
  external.state.open = true;
  const holdExpiresAt = '2027-01-01T00:00:00.000Z';
  const edited = await operator.post(`/dead-letters/${letter.letterId}/edit`, {
    payload: { ...shown.payload, holdExpiresAt },
  });
  expect([edited.status, edited.body.status]).toEqual([200, 'EDITED']);
  await eventually(() => {
    const told = external.taken.find(({ body }) => body.data.holdExpiresAt === holdExpiresAt);
    expect(told?.id).toBe(`${letter.messageId}/edited-${letter.letterId}`);
    expect(told?.body.data.reservationId).toBe(held.reservationId);
  });
  const other = { ...shown.payload, reservationId: user.userId };
  expect((await operator.post(`/dead-letters/${letter.letterId}/edit`, { payload: other })).body.code).toBe(
    'letter-closed',
  );
});
