import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

/** `npm run simulate -- --seeds N --seed S --minutes M`: seeds one after another, from S on, until one fails. */

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' } },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
const seeds =
  values.seeds === undefined ? (values.minutes ? Number.POSITIVE_INFINITY : 100) : Number(values.seeds);

const startedAt = performance.now();
const seconds = (): number => (performance.now() - startedAt) / 1_000;
const total = { seeds: 0, sagas: 0, completed: 0, parked: 0 };
let toldAt = 0;

function tell(): void {
  toldAt = seconds();
  const { seeds: done, sagas, completed, parked } = total;
  const { user, system } = process.cpuUsage();
  const rate = `${Math.round(sagas / toldAt)} sagas/s, ${Math.round(sagas / ((user + system) / 1e6))} a CPU second`;
  console.log(
    `${toldAt.toFixed(0)} s: ${done} seeds, ${sagas} sagas (${completed} completed, ${parked} parked), ${rate}`,
  );
}

for (let seed = first; seed < first + seeds && seconds() < minutes * 60; seed++) {
  const outcome = await simulate(seed);
  total.seeds++;
  total.sagas += outcome.sagas;
  total.completed += outcome.completed;
  total.parked += outcome.parked;
  if (outcome.violations.length > 0) {
    console.log(`seed ${seed} breaks a promise:`);
    for (const { promise, sagaId } of outcome.violations.slice(0, 10))
      console.log(`- ${promise} (${sagaId})`);
    const sagaId = outcome.violations.find((violation) => violation.sagaId)?.sagaId;
    if (sagaId) for (const line of outcome.trace(sagaId).slice(-40)) console.log(`  ${line}`);
    console.log(`Replay: npm run simulate -- --seed ${seed} --seeds 1`);
    process.exit(1);
  }
  if (seconds() - toldAt > 5) tell();
}
tell();
