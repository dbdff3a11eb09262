import { Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import Type, { type Static } from 'typebox';
import type { Layout } from './layout.ts';
import { type Position, PositionText, textOf } from './position.ts';
import { type StatusLetter, statusLetters, statusOfSeat, withHolder } from './seat-status.ts';

export const SeatStatuses = Type.Object({
  performanceId: Uuid,
  version: Type.String({ description: 'of the layout whose order this is in' }),
  position: PositionText,
  statuses: Type.String({
    pattern: '^[AHS]*$',
    description: 'a character for each seat, by its index: A available, H held, S sold',
  }),
});
export const OwnSeatStatuses = Type.Object({
  ...SeatStatuses.properties,
  mine: Type.Array(Type.Integer(), { description: "indexes of the user's own seats, ascending" }),
});

/** All of a performance's seats at one moment. */
export type Statuses = Static<typeof SeatStatuses>;

/** `statusOfSeat` as a letter. */
const letter = `case (${statusOfSeat})
  when 'AVAILABLE' then '${statusLetters.AVAILABLE}'
  when 'HELD' then '${statusLetters.HELD}'
  else '${statusLetters.SOLD}' end`;

/**
 * @param position of the events, taken before: what they tell is committed, and so is read here
 * @returns undefined where the seats aren't those of the layout any more
 */
export async function readStatuses(
  db: Database,
  { performanceId, version, concertSeatIds }: Layout,
  position: Position,
): Promise<Statuses | undefined> {
  const [row] = await query<{ statuses: string | null }>(
    db,
    `select string_agg(letter, '') as statuses from (
       select ${letter} as letter from concert_seat s ${withHolder}
       where s.performance_id = ? order by s.section, s.row, s.number) seat`,
    [performanceId],
  );
  const statuses = row?.statuses ?? '';
  if (statuses.length !== concertSeatIds.length) return undefined;
  return { performanceId, version, position: textOf(position), statuses };
}

/** The statuses of some seats, whichever performances they are of. */
export async function readStatusesOf(
  db: Database,
  concertSeatIds: readonly string[],
): Promise<Map<string, StatusLetter>> {
  const rows = await query<{ id: string; letter: StatusLetter }>(
    db,
    `select s.concert_seat_id as id, ${letter} as letter from concert_seat s ${withHolder}
     where s.concert_seat_id = any(?::uuid[])`,
    [concertSeatIds],
  );
  return new Map(rows.map(({ id, letter }) => [id, letter]));
}
