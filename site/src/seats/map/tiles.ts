import type { Plan } from '../plan.ts';
import type { SeatState, Statuses } from '../statuses.ts';
import type { Camera, Size } from './camera.ts';
import type { Colours } from './colours.ts';
import { type Sprites, spritesOf } from './sprites.ts';

/**
 * The seats, painted in tiles at sizes that are powers of two, which are kept. While the map is moved, a frame is a few
 * copies of tiles; when a seat changes, its few pixels are painted anew in each of them.
 */
export type Tiles = {
  /** @returns whether all of it was there: if not, another frame is needed */
  draw: (context: CanvasRenderingContext2D, camera: Camera, canvas: Size, ratio: number) => boolean;
  repaint: (indexes: readonly number[] | undefined) => void;
};

type Tile = {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
  size: number;
  /** The first of the seats' columns and lines that are on it. */
  column: number;
  line: number;
};

/** Pixels. */
const tileLength = 512;
/** What is seen of two sizes, on a large screen, and what was seen last: 1 MB each. */
const maxTiles = 96;
/** Milliseconds of a frame for painting: a frame has sixteen, and other things to do. */
const paintMs = 5;

export function createTiles(plan: Plan, statuses: Statuses, colours: Colours): Tiles {
  /** By size and place; the one used last is last. */
  const tiles = new Map<string, Tile>();
  const sprites = new Map<number, Sprites>();

  function spritesFor(size: number): Sprites {
    let known = sprites.get(size);
    if (!known) {
      known = spritesOf(colours, size);
      sprites.set(size, known);
    }
    return known;
  }

  function paintSeat({ context, size, column, line }: Tile, x: number, y: number, state: SeatState): void {
    context.drawImage(spritesFor(size)[state], (x - column) * size, (y - line) * size);
  }

  function paint(size: number, tileX: number, tileY: number): Tile {
    const seats = tileLength / size;
    const canvas = new OffscreenCanvas(tileLength, tileLength);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    const tile = { canvas, context, size, column: tileX * seats, line: tileY * seats };
    const lastColumn = Math.min(tile.column + seats, plan.width);
    const lastLine = Math.min(tile.line + seats, plan.height);
    for (let y = tile.line; y < lastLine; y++)
      for (let x = tile.column; x < lastColumn; x++) {
        const index = plan.grid[y * plan.width + x] as number;
        if (index >= 0) paintSeat(tile, x, y, statuses.of(index));
      }
    return tile;
  }

  function keep(key: string, tile: Tile): void {
    tiles.delete(key);
    tiles.set(key, tile);
    for (const oldest of tiles.keys()) {
      if (tiles.size <= maxTiles) break;
      tiles.delete(oldest);
    }
  }

  return {
    draw: (context, camera, canvas, ratio) => {
      const size = sizeFor(camera.scale * ratio);
      const seats = tileLength / size;
      const first = { x: Math.floor(camera.x / seats), y: Math.floor(camera.y / seats) };
      const last = {
        x: Math.floor((camera.x + canvas.width / camera.scale) / seats),
        y: Math.floor((camera.y + canvas.height / camera.scale) / seats),
      };
      const end = { x: Math.ceil(plan.width / seats) - 1, y: Math.ceil(plan.height / seats) - 1 };
      const startedAt = performance.now();
      const length = seats * camera.scale;
      let complete = true;
      for (let tileY = Math.max(first.y, 0); tileY <= Math.min(last.y, end.y); tileY++)
        for (let tileX = Math.max(first.x, 0); tileX <= Math.min(last.x, end.x); tileX++) {
          const key = `${size} ${tileX} ${tileY}`;
          let tile = tiles.get(key);
          if (!tile && performance.now() - startedAt < paintMs) tile = paint(size, tileX, tileY);
          const at = {
            x: (tileX * seats - camera.x) * camera.scale,
            y: (tileY * seats - camera.y) * camera.scale,
          };
          if (tile) {
            keep(key, tile);
            context.drawImage(tile.canvas, at.x, at.y, length, length);
          } else {
            complete = false;
            drawCoarser(context, tiles, { size, tileX, tileY }, at, length);
          }
        }
      return complete;
    },
    repaint: (indexes) => {
      if (!indexes) return tiles.clear();
      for (const tile of tiles.values())
        for (const index of indexes) {
          const seat = plan.seats[index];
          const seats = tileLength / tile.size;
          if (!seat || seat.x < tile.column || seat.x >= tile.column + seats) continue;
          if (seat.y < tile.line || seat.y >= tile.line + seats) continue;
          const [x, y] = [(seat.x - tile.column) * tile.size, (seat.y - tile.line) * tile.size];
          tile.context.clearRect(x, y, tile.size, tile.size);
          paintSeat(tile, seat.x, seat.y, statuses.of(index));
        }
    },
  };
}

/** The next power of two: tiles are drawn at their own size or smaller, which looks sharp. */
const sizeFor = (pixels: number): number =>
  Math.min(128, 2 ** Math.max(0, Math.ceil(Math.log2(pixels) - 0.01)));

/** While a tile isn't painted yet, a smaller picture of the same seats stands in for it. */
function drawCoarser(
  context: CanvasRenderingContext2D,
  tiles: ReadonlyMap<string, Tile>,
  wanted: { size: number; tileX: number; tileY: number },
  at: { x: number; y: number },
  length: number,
): void {
  for (let size = wanted.size / 2, factor = 2; size >= 1; size /= 2, factor *= 2) {
    const [tileX, tileY] = [Math.floor(wanted.tileX / factor), Math.floor(wanted.tileY / factor)];
    const tile = tiles.get(`${size} ${tileX} ${tileY}`);
    if (!tile) continue;
    const part = tileLength / factor;
    const [x, y] = [(wanted.tileX - tileX * factor) * part, (wanted.tileY - tileY * factor) * part];
    context.drawImage(tile.canvas, x, y, part, part, at.x, at.y, length, length);
    return;
  }
}
