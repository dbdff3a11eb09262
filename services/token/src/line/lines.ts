import { gather } from '@holdfast/shared/batching/gather';
import { type Database, query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import type { Admission } from '../policy.ts';
import { parseBits } from './bits.ts';
import { goneBlocks, type Line } from './line.ts';
import { admissionRate, type Sample, withSample } from './pace.ts';

/** A line, and how many it admits a second. */
export type PacedLine = { line: Line; rate: number };

export type Lines = {
  /** A concert's line as it was at most {@link freshMs} ago; nothing where nobody has ever joined it. */
  get: (concertId: string) => Promise<PacedLine | undefined>;
};

/** How old a position may be that somebody is told. */
const freshMs = 1_000;
/** Lines that nobody has asked about for so long are forgotten. */
const keptMs = 300_000;

/**
 * The lines that somebody asks about, kept in memory: read from Postgres once a second at most, however many ask. A
 * million who wait are 128 KiB here. A new instance, or one that has forgotten, reads the same.
 */
export function linesIn(db: Knex, admission: Admission): Lines {
  type Kept = PacedLine & { readAt: number; usedAt: number; samples: Sample[] };
  const kept = new Map<string, Kept>();

  const read = gather<string, Kept | undefined>(
    async (concertIds) => {
      const now = Date.now();
      const due = [...new Set(concertIds)].filter((id) => now - (kept.get(id)?.readAt ?? 0) >= freshMs);
      const lines = await readLines(db, due, admission);
      for (const [concertId, line] of lines) {
        const samples = withSample(kept.get(concertId)?.samples ?? [], line);
        const rate = admissionRate(line, samples, admission.activeTtlMs);
        kept.set(concertId, { line, rate, samples, readAt: now, usedAt: now });
      }
      for (const [concertId, { usedAt }] of kept) if (now - usedAt > keptMs) kept.delete(concertId);
      return concertIds.map((concertId) => kept.get(concertId));
    },
    { maxBatch: 1_000, maxWaiting: 100_000 },
  );

  return {
    get: async (concertId) => {
      const now = Date.now();
      const known = kept.get(concertId);
      if (!known || now - known.readAt >= freshMs) return await read(concertId);
      known.usedAt = now;
      return known;
    },
  };
}

type Row = Omit<Line, 'blocks'> & { concertId: string };

/** Lines as they are, by their concerts. */
export async function readLines(
  db: Database,
  concertIds: readonly string[],
  { maxActive, maxPerSecond }: Pick<Admission, 'maxActive' | 'maxPerSecond'>,
): Promise<Map<string, Line>> {
  // One statement, so that both parts are of one moment.
  const rows = await query<Row & { blocks: { blockNo: number; gone: string }[] | null }>(
    db,
    `select concert_id as "concertId", clock_timestamp() as at, last_no as "lastNo", head_no as "headNo", admitted,
       last_no - admitted - gone as waiting,
       coalesce(max_active, ?) as "maxActive", coalesce(max_per_second, ?) as "maxPerSecond",
       (select json_agg(json_build_object('blockNo', block_no, 'gone', gone)) from queue_block
        where queue_block.concert_id = queue.concert_id and block_no >= head_no / 1024
          and bit_count(queue_block.gone) > 0) as blocks
     from queue where concert_id = any(?::uuid[])`,
    [maxActive, maxPerSecond, concertIds],
  );
  return new Map(
    rows.map(({ concertId, blocks, ...line }) => {
      const gone = (blocks ?? []).map(({ blockNo, gone }) => ({ blockNo, bits: parseBits(gone) }));
      return [concertId, { ...line, blocks: goneBlocks(line.headNo, gone) }];
    }),
  );
}
