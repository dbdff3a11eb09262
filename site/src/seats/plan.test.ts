import { expect, test } from '@jest/globals';
import { planOf, seatAt } from './plan.ts';

const price = { amount: 99_000, currency: 'KRW' };
const row = (row: number, numbers: number[], amount = price.amount) => ({
  row,
  price: { ...price, amount },
  numbers,
  concertSeatIds: numbers.map((number) => `${row}-${number}`),
});
const layout = (sections: { name: string; rows: ReturnType<typeof row>[] }[]) => ({
  performanceId: 'p',
  version: 'v',
  seats: 0,
  sections,
});

test('seats have the indexes by which the API counts them, and are found where they are', () => {
  const plan = planOf(
    layout([
      { name: 'A', rows: [row(1, [1, 2, 3]), row(2, [1, 2, 3])] },
      { name: 'B', rows: [row(1, [1, 2])] },
    ]),
  );
  expect(plan.seats.map(({ index, section, row, number }) => [index, section.name, row, number])).toEqual([
    [0, 'A', 1, 1],
    [1, 'A', 1, 2],
    [2, 'A', 1, 3],
    [3, 'A', 2, 1],
    [4, 'A', 2, 2],
    [5, 'A', 2, 3],
    [6, 'B', 1, 1],
    [7, 'B', 1, 2],
  ]);
  for (const seat of plan.seats) expect(seatAt(plan, seat.x + 0.5, seat.y + 0.5)).toBe(seat);
});

test('no two seats are at one place, and all are on the map', () => {
  const sections = Array.from({ length: 23 }, (_, i) => ({
    name: `S${i}`,
    rows: Array.from({ length: 5 + (i % 7) }, (_, r) =>
      row(
        r + 1,
        Array.from({ length: 10 + (i % 5) }, (_, n) => n + 1),
      ),
    ),
  }));
  const { seats, width, height } = planOf(layout(sections));
  expect(new Set(seats.map(({ x, y }) => y * width + x)).size).toBe(seats.length);
  for (const { x, y } of seats) expect(x >= 0 && y >= 0 && x < width && y < height).toBe(true);
});

test('an aisle stays free, and a row whose price changes is still one row', () => {
  const { seats, sections } = planOf(
    layout([{ name: 'A', rows: [row(1, [1, 2]), row(1, [5, 6], 50_000), row(2, [1, 2, 5, 6])] }]),
  );
  const [first] = seats as [(typeof seats)[0]];
  expect(seats.map(({ x, y }) => [x - first.x, y - first.y])).toEqual([
    [0, 0],
    [1, 0],
    [4, 0],
    [5, 0],
    [0, 1],
    [1, 1],
    [4, 1],
    [5, 1],
  ]);
  expect(sections[0]?.rows.map(({ row, seats }) => [row, seats.length])).toEqual([
    [1, 4],
    [2, 4],
  ]);
});

test('numbers that are names rather than places take no more room than there are seats', () => {
  const { width } = planOf(layout([{ name: 'A', rows: [row(1, [7, 1_000_000, 2_000_000_000])] }]));
  expect(width).toBeLessThan(20);
});

test('a point beside all seats is none', () => {
  const plan = planOf(layout([{ name: 'A', rows: [row(1, [1])] }]));
  for (const [x, y] of [
    [-1, -1],
    [0, 0],
    [plan.width + 5, 2],
    [2, plan.height + 5],
  ] as const)
    expect(seatAt(plan, x, y)).toBeUndefined();
});
