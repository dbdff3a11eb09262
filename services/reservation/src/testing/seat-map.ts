import { occurred } from '@holdfast/shared/contracts/protocol';
import { reservationReleased } from '@holdfast/shared/contracts/reservation';
import type { App } from '@holdfast/shared/http/app';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeEvent } from '@holdfast/shared/messaging/protocol';
import { createLogger } from '@holdfast/shared/process/logger';
import { buildTestApp } from '@holdfast/shared/testing/api';
import type { Knex } from 'knex';
import { v4 as uuidv4 } from 'uuid';
import { routes } from '../http/routes.ts';
import { type SeatListenerSettings, seatListeners } from '../http/seat-listeners.ts';
import { type Live, type LiveSettings, liveSeats } from '../seat-map/live.ts';
import { seatMapIn } from '../seat-map/seat-map.ts';
import { readStatusesOf } from '../seat-map/statuses.ts';

/** The service's API without Kafka: what would come from there is given to `live`, which has read one event so far. */
export async function serveSeats(
  db: Knex,
  settings: Partial<SeatListenerSettings & LiveSettings & { keptMs: number }> = {},
): Promise<{ app: App; live: Live }> {
  const live = liveSeats(
    (ids) => readStatusesOf(db, ids),
    { everyMs: 50, maxEvents: 10, maxChanges: 20, maxPerformances: 2, ...settings },
    createLogger({ service: 'test', level: 'silent' }),
  );
  live.begin([0]);
  live.take([eventOf(0, [uuidv4()])]);
  const listeners = seatListeners(
    { max: 100, maxPerAddress: 0, longestMs: 60_000, ...settings },
    live.position,
  );
  const app = await buildTestApp((app) => {
    app.addHook('onClose', live.stop);
    routes(app, {
      db,
      wakeOutbox: () => undefined,
      seatMap: seatMapIn(db, live, settings.keptMs ?? 1_000),
      listeners,
    });
  });
  return { app, live };
}

/** An event about these seats, whatever it says of them, at a place in partition 0. */
export function eventOf(offset: number, [concertSeatId]: readonly [string]): ReceivedRecord {
  const data = {
    reservationId: uuidv4(),
    concertSeatIds: [concertSeatId],
    userId: uuidv4(),
    reason: 'expired' as const,
  };
  const { topic, key, value, headers } = encodeEvent(
    'reservation',
    uuidv4(),
    occurred(reservationReleased, data),
  );
  return {
    topic,
    partition: 0,
    offset: String(offset),
    timestamp: '0',
    key: Buffer.from(key),
    value: Buffer.from(String(value)),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}
