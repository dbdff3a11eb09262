import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Finding, Share } from './worker.ts';

/**
 * `npm run simulate -- --seeds N --seed S --minutes M --workers W`: seeds from S on until one fails, spread over W
 * threads, by default as many as there are cores.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    workers: { type: 'string' },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
const seeds =
  values.seeds === undefined ? (values.minutes ? Number.POSITIVE_INFINITY : 100) : Number(values.seeds);
const workers = values.workers === undefined ? availableParallelism() : Number(values.workers);

const startedAt = performance.now();
const seconds = (): number => (performance.now() - startedAt) / 1_000;
const total = { seeds: 0, sagas: 0, completed: 0, parked: 0, stillParked: 0 };

function tell(): void {
  const { seeds: done, sagas, completed, parked, stillParked } = total;
  const { user, system } = process.cpuUsage();
  const rate = `${Math.round(sagas / seconds())} sagas/s, ${Math.round(sagas / ((user + system) / 1e6))} a CPU second`;
  const ends = `${completed} completed, ${parked} parked, ${stillParked} of them for good`;
  console.log(`${seconds().toFixed(0)} s: ${done} seeds, ${sagas} sagas (${ends}), ${rate}`);
}

function count({ seed, broken, ...numbers }: Finding): void {
  total.seeds++;
  total.sagas += numbers.sagas;
  total.completed += numbers.completed;
  total.parked += numbers.parked;
  total.stillParked += numbers.stillParked;
  if (broken.length === 0) return;
  console.log(`seed ${seed} breaks a promise:\n${broken.join('\n')}`);
  console.log(`Replay: npm run simulate -- --seed ${seed} --seeds 1`);
  process.exit(1);
}

const work = (workerData: Share): Promise<void> =>
  new Promise((resolve, reject) => {
    // Much of a run is garbage by its end: a large young generation is collected far less often.
    const resourceLimits = { maxYoungGenerationSizeMb: 192 };
    new Worker(new URL('./worker.js', import.meta.url), { workerData, resourceLimits })
      .on('message', count)
      .on('error', reject)
      .on('exit', () => resolve());
  });

console.log(`Seeds from ${first} on, ${workers} at a time.`);
const telling = setInterval(tell, 5_000);
const until = Date.now() + minutes * 60_000;
await Promise.all(
  Array.from({ length: workers }, (_, i) =>
    work({ first: first + i, step: workers, end: first + seeds, until }),
  ),
);
clearInterval(telling);
tell();
