import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';

/** Seeds `first`, `first + step` and so on, below `end`, for as long as there is time. */
export type Share = { first: number; step: number; end: number; until: number };

/** What came of one seed. */
export type Finding = {
  seed: number;
  sagas: number;
  completed: number;
  parked: number;
  stillParked: number;
  /** What was broken and what was sent last, in lines to print; empty where nothing was. */
  broken: string[];
};

const { first, step, end, until } = workerData as Share;
for (let seed = first; seed < end && Date.now() < until; seed += step)
  parentPort?.postMessage(await run(seed));

async function run(seed: number): Promise<Finding> {
  const { violations, trace, ...numbers } = await simulate(seed);
  const sagaId = violations.find((violation) => violation.sagaId)?.sagaId;
  const broken = violations.slice(0, 10).map(({ promise, sagaId: of }) => `- ${promise} (${of})`);
  if (sagaId)
    broken.push(
      ...trace(sagaId)
        .slice(-40)
        .map((line) => `  ${line}`),
    );
  return { seed, ...numbers, broken };
}
