import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ReservationService, reservationService } from './reservation-service.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const json =
  (status: number, body: object): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

let server: Server;
let url: string;
let answer: Answer;
let asked: IncomingMessage[];
let service: ReservationService;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  service = reservationService([`${url}/`], 10_000);
});

const caller = { authorization: 'Bearer of bad news', traceparent: '00-1-2-01' };
const unavailable = { code: 'unavailable', retryAfter: 1 };

describe('a concert', () => {
  test('that is there is asked for once', async () => {
    const concertId = randomUUID();
    answer = json(200, { concertId });
    expect(await service.objectionToConcert(concertId, caller)).toBeUndefined();
    expect(await service.objectionToConcert(concertId, caller)).toBeUndefined();
    expect(asked.map((request) => request.url)).toEqual([`/v1/concerts/${concertId}`]);
  });

  test('that is not there may come later', async () => {
    const concertId = randomUUID();
    answer = json(404, {});
    expect(await service.objectionToConcert(concertId, caller)).toBe('concert-not-found');
    answer = json(200, { concertId });
    expect(await service.objectionToConcert(concertId, caller)).toBeUndefined();
  });
});

describe('a reservation', () => {
  test.each([
    [200, { status: 'TEMPORARY_HOLD' }, undefined],
    [200, { status: 'PAID' }, 'already-paid'],
    [200, { status: 'REFUNDED' }, 'already-refunded'],
    [200, { status: 'EXPIRED' }, 'hold-expired'],
    [200, { status: 'CANCELLED' }, 'hold-expired'],
    [404, {}, 'reservation-not-found'],
    [401, {}, 'unauthenticated'],
  ])('answered with %d %j', async (status, body, objection) => {
    const reservationId = randomUUID();
    answer = json(status, body);
    expect(await service.objectionToReservation(reservationId, caller)).toBe(objection);
    expect(asked[0]?.url).toBe(`/v1/reservations/${reservationId}`);
    expect(asked[0]?.headers).toMatchObject(caller);
  });
});

describe('a reservation service', () => {
  test.each<[string, Answer]>([
    ['fails', json(500, {})],
    ['is not ready', json(503, {})],
    ['hangs', () => undefined],
    ['hangs up', (_, request) => request.socket.destroy()],
    ['answers something else', (response) => response.end('<html>')],
  ])('that %s is unavailable', async (_, how) => {
    answer = how;
    const impatient = reservationService([`${url}/`], 200);
    await expect(impatient.objectionToConcert(randomUUID(), caller)).rejects.toMatchObject(unavailable);
    await expect(impatient.objectionToReservation(randomUUID(), caller)).rejects.toMatchObject(unavailable);
  });

  test('that is not there is unavailable', async () => {
    const nobody = reservationService(['http://127.0.0.1:1'], 200);
    await expect(nobody.objectionToConcert(randomUUID(), caller)).rejects.toMatchObject(unavailable);
  });

  test('at one place is asked at another, and first there from then on', async () => {
    answer = json(200, { status: 'TEMPORARY_HOLD' });
    const either = reservationService(['http://127.0.0.1:1', url], 10_000);
    for (let i = 0; i < 2; i++)
      expect(await either.objectionToReservation(randomUUID(), caller)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});
