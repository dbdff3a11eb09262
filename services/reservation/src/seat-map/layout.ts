import { createHash } from 'node:crypto';
import { Money, Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import Type, { type Static } from 'typebox';

const Row = Type.Object(
  {
    row: Type.Integer(),
    price: Money,
    numbers: Type.Array(Type.Integer(), { description: 'of the seats, ascending' }),
    concertSeatIds: Type.Array(Uuid, { description: 'of the same seats, in the same order' }),
  },
  { description: 'Seats of a row that cost the same. Where the price changes within a row, it comes again.' },
);
const Section = Type.Object({ name: Type.String(), rows: Type.Array(Row) });

export const SeatMap = Type.Object({
  performanceId: Uuid,
  version: Type.String({ description: 'of the layout; another one, and indexes mean other seats' }),
  seats: Type.Integer({ description: 'how many' }),
  sections: Type.Array(Section, {
    description:
      'Counted from 0 as they come here, section by section and row by row, seats have their indexes.',
  }),
});
type Section = Static<typeof Section>;
type Row = Static<typeof Row>;

/** The seats of a performance, in one order for everybody: by section, row and number. */
export type Layout = {
  performanceId: string;
  version: string;
  /** By index. */
  concertSeatIds: readonly string[];
  indexOf: ReadonlyMap<string, number>;
  /** A {@link SeatMap}, as it goes out. */
  json: string;
};

/** @returns undefined where there is no such performance */
export async function readLayout(db: Database, performanceId: string): Promise<Layout | undefined> {
  const [performance] = await query(db, 'select from performance where performance_id = ?', [performanceId]);
  if (!performance) return undefined;
  // A row at a time: JSON is read far quicker than fifty thousand rows are.
  const rows = await query<{ section: string; row: number; seats: SeatOfRow[] }>(
    db,
    `select section, row, json_agg(json_build_array(number, concert_seat_id, price_amount, currency) order by number)
       as seats
     from concert_seat where performance_id = ? group by section, row order by section, row`,
    [performanceId],
  );
  const sections: Section[] = [];
  for (const { section, row, seats } of rows) {
    if (sections.at(-1)?.name !== section) sections.push({ name: section, rows: [] });
    sections.at(-1)?.rows.push(...runsOf(row, seats));
  }
  const concertSeatIds = sections.flatMap(({ rows }) => rows.flatMap((row) => row.concertSeatIds));
  const version = createHash('sha256')
    .update(JSON.stringify([performanceId, sections]))
    .digest('hex');
  const map = { performanceId, version: version.slice(0, 16), seats: concertSeatIds.length, sections };
  return {
    performanceId,
    version: map.version,
    concertSeatIds,
    indexOf: new Map(concertSeatIds.map((id, index) => [id, index])),
    json: JSON.stringify(map satisfies Static<typeof SeatMap>),
  };
}

type SeatOfRow = [number: number, concertSeatId: string, amount: number, currency: string];

/** A row's seats, those side by side that cost the same together. */
function runsOf(row: number, seats: readonly SeatOfRow[]): Row[] {
  const runs: Row[] = [];
  for (const [number, concertSeatId, amount, currency] of seats) {
    let run = runs.at(-1);
    if (run?.price.amount !== amount || run.price.currency !== currency) {
      run = { row, price: { amount, currency }, numbers: [], concertSeatIds: [] };
      runs.push(run);
    }
    run.numbers.push(number);
    run.concertSeatIds.push(concertSeatId);
  }
  return runs;
}
