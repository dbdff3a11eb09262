import type { Page } from 'playwright-core';

/** What the frames of some seconds were like, in milliseconds from one to the next. */
export type Frames = {
  count: number;
  perSecond: number;
  median: number;
  p95: number;
  p99: number;
  worst: number;
};

/** How the map is moved while frames are counted. */
export type Motion = 'none' | 'pan' | 'zoom';

/**
 * Moves the map as a hand does, a little with each frame, and notes when each frame comes. In the page itself: what
 * another process has to say for each move would be measured with it.
 */
export async function framesWhile(page: Page, motion: Motion, seconds: number): Promise<Frames> {
  const times = await page.evaluate(
    ({ motion, seconds }) =>
      new Promise<number[]>((resolve) => {
        const canvas = document.querySelector('canvas') as HTMLCanvasElement;
        const { left, top, width, height } = canvas.getBoundingClientRect();
        const middle = { clientX: left + width / 2, clientY: top + height / 2 };
        const pointer = (type: string, angle: number) =>
          canvas.dispatchEvent(
            new PointerEvent(type, {
              pointerId: 1,
              clientX: middle.clientX + (Math.cos(angle) * width) / 3,
              clientY: middle.clientY + (Math.sin(angle) * height) / 3,
            }),
          );
        // No finger is down that could be captured.
        canvas.setPointerCapture = () => undefined;
        const times: number[] = [];
        if (motion === 'pan') pointer('pointerdown', 0);
        const startedAt = performance.now();
        const tick = (now: number) => {
          times.push(now);
          const t = (now - startedAt) / 1_000;
          if (motion === 'pan') pointer('pointermove', t * 2);
          if (motion === 'zoom')
            canvas.dispatchEvent(
              new WheelEvent('wheel', { ...middle, deltaY: Math.sin(t * 1.5) * 20, cancelable: true }),
            );
          if (t < seconds) return requestAnimationFrame(tick);
          if (motion === 'pan') pointer('pointercancel', 0);
          return resolve(times);
        };
        requestAnimationFrame(tick);
      }),
    { motion, seconds },
  );
  return summaryOf(times);
}

export function summaryOf(times: readonly number[]): Frames {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const total = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    count: gaps.length,
    perSecond: (gaps.length / total) * 1_000,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    worst: sorted.at(-1) ?? 0,
  };
}
