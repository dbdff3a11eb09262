import { createClient } from './api/client.ts';
import { type Holdfast, holdfast } from './api/holdfast.ts';
import { audit } from './audit/audit.ts';
import { cannotRun, isCannotRun } from './cannot-run.ts';
import { chooseVenue } from './catalogue.ts';
import { createJournal, noteAnswer } from './journal.ts';
import { type Options, readOptions, usage } from './options.ts';
import { createRandom } from './random.ts';
import { report } from './report/report.ts';
import type { Run } from './run.ts';
import { runStorm } from './storm/run-storm.ts';
import { allHold, verdictsOn } from './verdicts/verdicts.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(usage);
    return 0;
  }
  const { url, users, seats, seed, concurrency } = options;
  const journal = createJournal();
  const onAnswer = noteAnswer.bind(null, journal);
  const api = holdfast(createClient({ url, concurrency, onAnswer }));
  const { faults } = await look(api, options);
  const venue = await chooseVenue(api, seats, createRandom(seed, -1));

  console.log(
    `${users} users want ${seats} seats of ${venue.concert.title}, ${venue.performance.startsAt}; seed ${seed}`,
  );
  if (!faults)
    console.log('Failures come by nature only: HOLDFAST_FAULTS=1 npm start lets every step fail on demand.');
  const run: Run = { api, journal, venue, faults, options };
  const facts = await audit(run, await runStorm(run));
  const verdicts = verdictsOn(facts);
  for (const line of report(journal, facts.sagas, verdicts)) console.log(line);
  return allHold(verdicts) ? 0 : 1;
}

/** Whether the system is there and made for demos. @throws CannotRun when it isn't */
async function look(api: Holdfast, { url }: Options): Promise<{ faults: boolean }> {
  const health = await fetch(`${url}/health/ready`).catch(() => undefined);
  if (!health) throw cannotRun(`Holdfast doesn't answer at ${url}: start it with npm start`);
  if (!health.ok) throw cannotRun(`Holdfast at ${url} isn't ready (${health.status}): wait for npm start`);
  const made = await api.makeUser('demo, looking around');
  if (made.status === 404)
    throw cannotRun(`Holdfast at ${url} isn't in development mode: the demo needs HOLDFAST_DEV=1`);
  if (!made.ok) throw cannotRun(`No user could be made: ${made.outcome}`);
  const probe = await api.probeFaults(made.body);
  return { faults: probe.outcome === '400 validation' };
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!isCannotRun(error)) throw error;
  console.error(`✖ ${error.message}`);
  process.exitCode = 1;
}
