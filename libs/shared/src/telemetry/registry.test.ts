import { expect, test } from '@jest/globals';
import { counter, durations, gauges, registry, timed } from './registry.ts';

test('metrics are OpenMetrics, and a duration of a recorded trace is an example of its bucket', async () => {
  counter('made_total', 'Made', ['kind']).inc({ kind: 'a' }, 2);
  const took = durations('took_seconds', 'Took', ['kind']);
  took(0.02, { kind: 'a' }, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00');
  took(0.06, { kind: 'a' }, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  const lines = (await registry.metrics()).split('\n');
  expect(lines).toContain('made_total{kind="a"} 2');
  const buckets = lines.filter((line) => line.startsWith('took_seconds_bucket'));
  expect(buckets.find((line) => line.includes('le="0.025"'))).not.toContain('#');
  expect(buckets.find((line) => line.includes('le="0.075"'))).toContain(
    '# {trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 0.06',
  );
  expect(lines.at(-2)).toBe('# EOF');
});

test('gauges are read together, and are absent where that fails', async () => {
  let reads = 0;
  let fails = false;
  gauges({ cats: { help: 'Cats', labels: ['colour'] }, dogs: { help: 'Dogs' } }, async () => {
    reads++;
    if (fails) throw new Error('the database is away');
    return { cats: [[{ colour: 'grey' }, 3]], dogs: 1 };
  });
  const metrics = await registry.metrics();
  expect(metrics).toContain('cats{colour="grey"} 3');
  expect(metrics).toContain('dogs 1');
  expect(reads).toBe(1);
  fails = true;
  expect(await registry.metrics()).not.toMatch(/^(cats|dogs)[{ ]/m);
});

test('what fails is measured, by its error', async () => {
  const seen: string[] = [];
  const observe = (_: number, errorType: string) => seen.push(errorType);
  await timed(observe, async () => 1);
  await expect(timed(observe, () => Promise.reject(new TypeError('no')))).rejects.toThrow('no');
  expect(seen).toEqual(['', 'TypeError']);
});
