import type { SeatState } from '../statuses.ts';
import type { Colours } from './colours.ts';

/** A picture for each state, drawn once for each size: a seat is then a copy of a few pixels. */
export type Sprites = Record<SeatState, CanvasImageSource>;

/** @param size of a seat, in pixels of the canvas */
export function spritesOf(colours: Colours, size: number): Sprites {
  const sprite = (draw: (context: Context, colour: string) => void, state: SeatState) => {
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext('2d') as Context;
    draw(context, colours[state]);
    return canvas;
  };
  const pad = size >= 8 ? size * 0.12 : size >= 4 ? 1 : 0;
  const inner = size - 2 * pad;

  // The states have shapes of their own, not only colours.
  return {
    free: sprite((context, colour) => {
      context.fillStyle = colour;
      context.beginPath();
      context.roundRect(pad, pad, inner, inner, inner * 0.22);
      context.fill();
    }, 'free'),
    held: sprite((context, colour) => {
      const line = Math.max(1, size * 0.1);
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.roundRect(pad + line / 2, pad + line / 2, inner - line, inner - line, inner * 0.2);
      context.stroke();
    }, 'held'),
    sold: sprite((context, colour) => {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(size / 2, size / 2, Math.max(0.5, size * 0.14), 0, 2 * Math.PI);
      context.fill();
    }, 'sold'),
    mine: sprite((context, colour) => {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(size / 2, size / 2, inner / 2, 0, 2 * Math.PI);
      context.fill();
    }, 'mine'),
  };
}

type Context = OffscreenCanvasRenderingContext2D;
