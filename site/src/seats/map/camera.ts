/** What part of the map is seen: its point at the canvas's top left, and pixels for a unit. */
export type Camera = { x: number; y: number; scale: number };
export type Size = { width: number; height: number };

/** The largest at which a seat is still drawn, in pixels. */
export const maxScale = 44;
/** From here on a seat can be hit with a finger or mouse: below, a tap comes closer instead. */
export const hitScale = 9;
const margin = 12;

/** Shows all of the map. */
export function fit(map: Size, canvas: Size): Camera {
  const scale = Math.min(
    (canvas.width - 2 * margin) / map.width,
    (canvas.height - 2 * margin) / map.height,
    maxScale,
  );
  return centred({ x: map.width / 2, y: map.height / 2 }, Math.max(scale, 0.1), canvas);
}

/** As close to the camera as is allowed: never smaller than all of the map, and the map never out of sight. */
export function bounded({ x, y, scale }: Camera, map: Size, canvas: Size): Camera {
  const bounded = Math.min(Math.max(scale, fit(map, canvas).scale), maxScale);
  return {
    x: within(x, map.width, canvas.width / bounded),
    y: within(y, map.height, canvas.height / bounded),
    scale: bounded,
  };
}

/** Half of what is seen may be empty; what is smaller than the canvas stands in its middle. */
function within(start: number, length: number, seen: number): number {
  if (seen >= length) return (length - seen) / 2;
  const room = seen / 2;
  return Math.min(Math.max(start, -room), length - seen + room);
}

/** Zooms so that what is at a point of the canvas stays there. */
export function zoomed(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const scale = Math.min(camera.scale * factor, maxScale);
  return {
    x: camera.x + at.x / camera.scale - at.x / scale,
    y: camera.y + at.y / camera.scale - at.y / scale,
    scale,
  };
}

export const centred = (point: { x: number; y: number }, scale: number, canvas: Size): Camera => ({
  x: point.x - canvas.width / scale / 2,
  y: point.y - canvas.height / scale / 2,
  scale,
});

/** Moves as little as it takes to see a seat, with some of what is around it. */
export function revealing(camera: Camera, seat: { x: number; y: number }, canvas: Size): Camera {
  const scale = Math.max(camera.scale, hitScale);
  const around = 3;
  const from = scale === camera.scale ? camera : centred(seat, scale, canvas);
  const [width, height] = [canvas.width / scale, canvas.height / scale];
  return {
    x: Math.min(Math.max(from.x, seat.x + 1 + around - width), seat.x - around),
    y: Math.min(Math.max(from.y, seat.y + 1 + around - height), seat.y - around),
    scale,
  };
}
