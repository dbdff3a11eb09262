import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import { LRUCache } from 'lru-cache';
import { type Encoded, encoded } from '../http/encoded.ts';
import { type Layout, readLayout } from './layout.ts';
import type { Live } from './live.ts';
import { type OwnSeat, ownSeatsIn } from './own-seats.ts';
import type { Position } from './position.ts';
import { readStatuses, type Statuses } from './statuses.ts';

/** What is known of the seats of performances: each thing is read once for all who ask at the same time. */
export type SeatMap = {
  /** @throws Problem `performance-not-found` */
  layout: (performanceId: string) => Promise<Drawn>;
  /** As they were a moment ago. @throws Problem `performance-not-found` */
  statuses: (performanceId: string) => Promise<Seen>;
  ownSeats: (asker: { performanceId: string; userId: string }) => Promise<OwnSeat[]>;
  live: Live;
};

/** A layout, and how it goes out. */
export type Drawn = { layout: Layout; body: Encoded };
/** Statuses, and how they go out. */
export type Seen = { layout: Layout; statuses: Statuses; body: Encoded };

/** Layouts don't change, unless somebody changes them by hand. */
const layoutKeptMs = 300_000;
/** Of memory, about: a layout of 50,000 seats takes 10 MB. */
const maxLayoutBytes = 128 * 1024 * 1024;
const maxStatuses = 200;

/** @param keptMs how old statuses may be */
export function seatMapIn(db: Database, live: Live, keptMs: number): SeatMap {
  const layouts = new LRUCache<string, Drawn>({
    maxSize: maxLayoutBytes,
    // Besides the text and what it is compressed to, an entry of the index for each seat.
    sizeCalculation: ({ layout, body }) => 2 * body.bytes + 120 * layout.concertSeatIds.length + 1_000,
    ttl: layoutKeptMs,
    fetchMethod: async (performanceId) => {
      const layout = await readLayout(db, performanceId);
      return layout && { layout, body: encoded(layout.json, 6) };
    },
    ignoreFetchAbort: true,
  });

  async function layoutOf(performanceId: string): Promise<Drawn> {
    const drawn = await layouts.fetch(performanceId);
    if (!drawn) throw problem('performance-not-found');
    return drawn;
  }

  async function look(performanceId: string): Promise<Seen | undefined> {
    const { layout } = await layoutOf(performanceId);
    const position = [...live.position()];
    const statuses = await readStatuses(db, layout, position);
    return statuses && { layout, statuses, body: encoded(JSON.stringify(statuses), 4) };
  }

  const seen = new LRUCache<string, Seen>({
    max: maxStatuses,
    ttl: keptMs,
    fetchMethod: async (performanceId) => {
      const now = await look(performanceId);
      if (now) return now;
      layouts.delete(performanceId);
      return look(performanceId);
    },
    ignoreFetchAbort: true,
  });

  return {
    layout: layoutOf,
    statuses: async (performanceId) => {
      const now = await seen.fetch(performanceId);
      if (!now) throw problem('unavailable', 'The seats are just being changed.', { retryAfter: 1 });
      return now;
    },
    ownSeats: ownSeatsIn(db),
    live,
  };
}

/** How long an instance may lag behind another whose position a client brings along. */
const patienceMs = 2_000;

/** Waits until this instance has read as far as `position`, for a while. */
export async function reached(live: Live, position: Position): Promise<void> {
  const isBehind = (): boolean => position.some((offset, i) => offset > (live.position()[i] ?? 0));
  for (const until = Date.now() + patienceMs; isBehind() && Date.now() < until; ) await sleep(20);
}
