import { type Plan, type PlannedSeat, stageHeight } from '../plan.ts';
import type { Statuses } from '../statuses.ts';
import { bounded, type Camera, centred, fit, hitScale, revealing, type Size, zoomed } from './camera.ts';
import { readColours } from './colours.ts';
import { createTiles } from './tiles.ts';

/** The map on a canvas. Nothing is drawn unless something has changed, and then once a frame. */
export type MapView = {
  zoomBy: (factor: number, at?: { x: number; y: number }) => void;
  moveBy: (x: number, y: number) => void;
  showAll: () => void;
  reveal: (seat: PlannedSeat) => void;
  /** The seats to mark: those that are chosen, and the one that the list is at. */
  mark: (chosen: readonly PlannedSeat[], current: PlannedSeat | undefined) => void;
  /** Where a point of the canvas is on the map. */
  pointAt: (x: number, y: number) => { x: number; y: number };
  /** Whether seats are large enough to be meant by a tap. */
  isClose: () => boolean;
  stop: () => void;
};

export function createMapView(
  canvas: HTMLCanvasElement,
  { plan, statuses, stage }: { plan: Plan; statuses: Statuses; stage: string },
): MapView {
  const context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  let colours = readColours(canvas);
  let tiles = createTiles(plan, statuses, colours);
  let size: Size = { width: 1, height: 1 };
  let camera: Camera = { x: 0, y: 0, scale: 1 };
  let chosen: readonly PlannedSeat[] = [];
  let current: PlannedSeat | undefined;
  let frame = 0;

  function changed(): void {
    frame ||= requestAnimationFrame(draw);
  }

  function look(to: Camera): void {
    camera = bounded(to, plan, size);
    changed();
  }

  function draw(): void {
    frame = 0;
    const ratio = window.devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, size.width, size.height);
    const complete = tiles.draw(context, camera, size, ratio);
    drawMarks();
    drawLabels();
    if (!complete) changed();
  }

  const onCanvas = ({ x, y }: { x: number; y: number }) => ({
    x: (x - camera.x) * camera.scale,
    y: (y - camera.y) * camera.scale,
  });

  function drawMarks(): void {
    const { scale } = camera;
    context.fillStyle = colours.chosen;
    for (const seat of chosen) {
      const { x, y } = onCanvas(seat);
      context.beginPath();
      context.roundRect(x, y, scale, scale, scale * 0.2);
      context.fill();
      if (scale < 14) continue;
      // A tick, since not everybody tells the colours apart.
      context.strokeStyle = colours.ground;
      context.lineWidth = scale * 0.12;
      context.beginPath();
      context.moveTo(x + scale * 0.25, y + scale * 0.52);
      context.lineTo(x + scale * 0.43, y + scale * 0.7);
      context.lineTo(x + scale * 0.76, y + scale * 0.32);
      context.stroke();
    }
    if (!current) return;
    const { x, y } = onCanvas(current);
    const room = Math.max(2, scale * 0.1);
    context.strokeStyle = colours.ring;
    context.lineWidth = 2;
    context.strokeRect(x - room, y - room, scale + 2 * room, scale + 2 * room);
  }

  function drawLabels(): void {
    const { scale } = camera;
    context.fillStyle = colours.stage;
    const from = onCanvas({ x: plan.width * 0.3, y: 1 });
    context.beginPath();
    context.roundRect(from.x, from.y, plan.width * 0.4 * scale, (stageHeight - 2.5) * scale, 6);
    context.fill();
    context.fillStyle = colours.text;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const middle = onCanvas({ x: plan.width / 2, y: 1 + (stageHeight - 2.5) / 2 });
    context.font = `600 ${Math.min(Math.max(scale * 1.6, 9), 22)}px system-ui, sans-serif`;
    context.fillText(stage, middle.x, middle.y);
    for (const section of plan.sections) {
      const at = onCanvas({ x: section.x + section.width / 2, y: section.y - 0.9 });
      const isSeen = at.x > -200 && at.y > -40 && at.x < size.width + 200 && at.y < size.height + 40;
      if (isSeen) context.fillText(section.name, at.x, at.y);
    }
  }

  const resized = new ResizeObserver(() => {
    const { width, height } = canvas.getBoundingClientRect();
    const wasAll = camera.scale <= fit(plan, size).scale;
    const middle = {
      x: camera.x + size.width / camera.scale / 2,
      y: camera.y + size.height / camera.scale / 2,
    };
    size = { width, height };
    canvas.width = Math.round(width * window.devicePixelRatio);
    canvas.height = Math.round(height * window.devicePixelRatio);
    look(wasAll ? fit(plan, size) : centred(middle, camera.scale, size));
  });
  resized.observe(canvas);

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const recoloured = () => {
    colours = readColours(canvas);
    tiles = createTiles(plan, statuses, colours);
    changed();
  };
  dark.addEventListener('change', recoloured);

  const unsubscribe = statuses.subscribe((indexes) => {
    tiles.repaint(indexes);
    changed();
  });

  return {
    zoomBy: (factor, at = { x: size.width / 2, y: size.height / 2 }) => look(zoomed(camera, factor, at)),
    moveBy: (x, y) => look({ ...camera, x: camera.x - x / camera.scale, y: camera.y - y / camera.scale }),
    showAll: () => look(fit(plan, size)),
    reveal: (seat) => look(revealing(camera, seat, size)),
    mark: (seats, at) => {
      chosen = seats;
      current = at;
      changed();
    },
    pointAt: (x, y) => ({ x: camera.x + x / camera.scale, y: camera.y + y / camera.scale }),
    isClose: () => camera.scale >= hitScale,
    stop: () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      dark.removeEventListener('change', recoloured);
      unsubscribe();
    },
  };
}
