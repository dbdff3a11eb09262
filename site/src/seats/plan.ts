import type { Money, SeatMap } from '@holdfast/client/types';

/** Where everything is on the map. A seat takes one unit of length, and has whole numbers as its coordinates. */
export type Plan = {
  version: string;
  width: number;
  height: number;
  seats: readonly PlannedSeat[];
  sections: readonly PlannedSection[];
  /** The index of the seat in each unit square, row by row; -1 where there is none. */
  grid: Int32Array;
};

export type PlannedSeat = {
  index: number;
  concertSeatId: string;
  section: PlannedSection;
  row: number;
  number: number;
  price: Money;
  x: number;
  y: number;
};

type PlannedSection = {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  rows: PlannedRow[];
};
type PlannedRow = { row: number; seats: PlannedSeat[] };

/** Room above a section for its name, and between sections. */
const labelHeight = 2;
const gap = 3;
/** Room for the stage, above all sections. */
export const stageHeight = 5;
/** Wider than high, as screens and halls are. */
const aspect = 1.5;
/** Beyond so much more room than seats, a row's numbers aren't places any more. */
const sparse = 3;

/** Lays the sections out side by side in the order in which they come, the first next to the stage. */
export function planOf({ version, sections: given }: SeatMap): Plan {
  const seats: PlannedSeat[] = [];
  const sections = given.map(({ name, rows }) => sectionOf(name, rows, seats));

  const area = sections.reduce(
    (sum, { width, height }) => sum + (width + gap) * (height + labelHeight + gap),
    0,
  );
  const wanted = Math.max(Math.sqrt(area * aspect), ...sections.map(({ width }) => width));
  const shelves = shelvesOf(sections, wanted);
  const width = Math.max(1, ...shelves.map(widthOf)) + 2 * gap;
  let top = stageHeight;
  for (const shelf of shelves) {
    let left = Math.floor((width - widthOf(shelf)) / 2);
    for (const section of shelf) {
      section.x = left;
      section.y = top + labelHeight;
      left += section.width + gap;
    }
    top += labelHeight + Math.max(...shelf.map(({ height }) => height)) + gap;
  }
  const grid = new Int32Array(width * top).fill(-1);
  for (const seat of seats) {
    seat.x += seat.section.x;
    seat.y += seat.section.y;
    grid[seat.y * width + seat.x] = seat.index;
  }
  return { version, width, height: top, seats, sections, grid };
}

/** The seat at a point of the map, if there is one. */
export function seatAt({ grid, width, height, seats }: Plan, x: number, y: number): PlannedSeat | undefined {
  const [column, line] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || line < 0 || column >= width || line >= height) return undefined;
  return seats[grid[line * width + column] ?? -1];
}

function sectionOf(
  name: string,
  rows: SeatMap['sections'][number]['rows'],
  seats: PlannedSeat[],
): PlannedSection {
  const section: PlannedSection = { name, x: 0, y: 0, width: 0, height: 0, rows: [] };
  const place = placesOf(rows.flatMap(({ numbers }) => numbers));
  for (const { row, price, numbers, concertSeatIds } of rows) {
    // Where the price changes within a row, it comes again.
    let planned = section.rows.at(-1);
    if (planned?.row !== row) {
      planned = { row, seats: [] };
      section.rows.push(planned);
    }
    const y = section.rows.length - 1;
    for (const [i, number] of numbers.entries()) {
      const seat: PlannedSeat = {
        index: seats.length,
        concertSeatId: concertSeatIds[i] as string,
        section,
        row,
        number,
        price,
        x: place(number),
        y,
      };
      seats.push(seat);
      planned.seats.push(seat);
      section.width = Math.max(section.width, seat.x + 1);
    }
  }
  section.height = section.rows.length;
  return section;
}

/** Seats stand where their numbers say, aisles and all, unless these are names rather than places. */
function placesOf(numbers: readonly number[]): (number: number) => number {
  const known = [...new Set(numbers)].sort((a, b) => a - b);
  const first = known[0] ?? 0;
  const room = (known.at(-1) ?? 0) - first + 1;
  if (room <= known.length * sparse) return (number) => number - first;
  const rank = new Map(known.map((number, i) => [number, i]));
  return (number) => rank.get(number) ?? 0;
}

function shelvesOf(sections: readonly PlannedSection[], wanted: number): PlannedSection[][] {
  const shelves: PlannedSection[][] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const section of sections) {
    if (width + section.width > wanted) {
      shelves.push([]);
      width = 0;
    }
    shelves.at(-1)?.push(section);
    width += section.width + gap;
  }
  return shelves;
}

const widthOf = (shelf: readonly PlannedSection[]): number =>
  shelf.reduce((sum, { width }) => sum + width, 0) + gap * (shelf.length - 1);
