import type { MapView } from './map-view.ts';

/** So many pixels a finger or mouse may move, and it is still a tap. */
const slack = 6;
const closer = 2.5;

/** Drag moves the map, the wheel and two fingers zoom, a tap means a seat, or comes closer where seats are small. */
export function listenToGestures(
  canvas: HTMLCanvasElement,
  view: MapView,
  onTap: (point: { x: number; y: number }) => void,
): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;

  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  function onDown(event: PointerEvent): void {
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) moved = 0;
    canvas.setPointerCapture(event.pointerId);
  }

  function onMove(event: PointerEvent): void {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    const others = [...pointers.entries()].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    pointers.set(event.pointerId, now);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (moved <= slack) return;
    const [other] = others;
    if (!other) {
      view.moveBy(now.x - before.x, now.y - before.y);
      return;
    }
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    view.moveBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    const [apart, wasApart] = [distance(now, other), distance(before, other)];
    if (wasApart > 0) view.zoomBy(apart / wasApart, middle);
  }

  function onUp(event: PointerEvent): void {
    const place = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (!place || moved > slack || pointers.size > 0 || event.type === 'pointercancel') return;
    if (view.isClose()) onTap(view.pointAt(place.x, place.y));
    else view.zoomBy(closer, place);
  }

  function onWheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    view.zoomBy(Math.exp(-pixels / 400), placeOf(event));
  }

  const listeners = { pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: onUp };
  for (const [type, listener] of Object.entries(listeners))
    canvas.addEventListener(type, listener as EventListener);
  canvas.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    for (const [type, listener] of Object.entries(listeners))
      canvas.removeEventListener(type, listener as EventListener);
    canvas.removeEventListener('wheel', onWheel);
  };
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }) =>
  Math.hypot(a.x - b.x, a.y - b.y);
