import { expect, test } from '@jest/globals';
import { bounded, fit, hitScale, maxScale, revealing, zoomed } from './camera.ts';

const map = { width: 300, height: 200 };
const canvas = { width: 900, height: 600 };

test('at first all of the map is seen', () => {
  const { x, y, scale } = fit(map, canvas);
  expect(x).toBeLessThanOrEqual(0);
  expect(y).toBeLessThanOrEqual(0);
  expect(x + canvas.width / scale).toBeGreaterThanOrEqual(map.width);
  expect(y + canvas.height / scale).toBeGreaterThanOrEqual(map.height);
});

test('what is under the pointer stays there while zooming', () => {
  const at = { x: 250, y: 80 };
  const before = { x: 10, y: 20, scale: 4 };
  const after = zoomed(before, 3, at);
  expect(after.scale).toBe(12);
  expect(after.x + at.x / after.scale).toBeCloseTo(before.x + at.x / before.scale);
  expect(after.y + at.y / after.scale).toBeCloseTo(before.y + at.y / before.scale);
});

test('the map never gets out of sight, smaller than all of it, or larger than a finger', () => {
  expect(bounded({ x: 0, y: 0, scale: 0.01 }, map, canvas).scale).toBe(fit(map, canvas).scale);
  expect(bounded({ x: 0, y: 0, scale: 900 }, map, canvas).scale).toBe(maxScale);
  for (const x of [-10_000, 10_000]) {
    const seen = bounded({ x, y: x, scale: 20 }, map, canvas);
    expect(seen.x).toBeGreaterThan(-canvas.width / 20);
    expect(seen.x).toBeLessThan(map.width);
    expect(seen.y).toBeGreaterThan(-canvas.height / 20);
    expect(seen.y).toBeLessThan(map.height);
  }
});

test('a seat is shown by the least move, near enough to be hit', () => {
  const far = revealing({ x: -2, y: -2, scale: 2 }, { x: 150, y: 90 }, canvas);
  expect(far.scale).toBe(hitScale);
  const seen = { x: 100, y: 50, scale: 12 };
  expect(revealing(seen, { x: 120, y: 70 }, canvas)).toEqual(seen);
  const moved = revealing(seen, { x: 200, y: 70 }, canvas);
  expect(moved.y).toBe(seen.y);
  expect(moved.x + canvas.width / moved.scale).toBeGreaterThan(200);
});
