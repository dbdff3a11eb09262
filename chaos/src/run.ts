import type { Report } from '@holdfast/launcher/terminal/report';
import pg from 'pg';
import type { Stage } from './faults/fault.ts';
import { runFaults } from './faults/schedule.ts';
import { historyFile } from './files.ts';
import { writeHistory } from './history/file.ts';
import { createClient } from './load/client.ts';
import { startLoad } from './load/load.ts';
import { makeUsers } from './load/users.ts';
import type { Options } from './options.ts';
import { reportProgress } from './progress.ts';
import { seeded } from './random.ts';
import { createProbe } from './recovery/probe.ts';
import { untilQuiescent } from './recovery/quiescence.ts';
import { insertSeats } from './system/catalogue.ts';
import { type Rig, startRig } from './system/rig.ts';
import { openTopics } from './system/topics.ts';
import { judge } from './verdict.ts';

export type Context = { dataDir: string; report: Report; signal: AbortSignal };

const users = 1_000;
const probeSeats = 2_000;
/** Beyond this, sessions go for seats again that others may have bought. */
const maxSeats = 150_000;
const restWithinMs = 180_000;

/** Starts a system, breaks it under load, lets it come to rest, and checks it. @returns the exit code */
export async function run(options: Options, context: Context): Promise<number> {
  const { report, dataDir } = context;
  report.say(`Seed ${options.seed}, ${options.minutes} minutes, data and logs in ${dataDir}`);
  const rig = await startRig({ ...context, seed: options.seed });
  const postgres = new pg.Pool({ connectionString: rig.adminPostgresUrl, max: 3 });
  postgres.on('error', () => undefined);
  try {
    const complaints = await breakIt(options, context, rig, postgres);
    await rig.externalApi.written();
    const exitCode = await judge({
      dataDir,
      adminPostgresUrl: rig.adminPostgresUrl,
      kafkaBrokers: rig.infrastructure.kafkaBrokers.split(','),
      redisUrl: rig.infrastructure.redisUrl,
      say: report.say,
    });
    for (const complaint of complaints) report.say(`✖ ${complaint}`);
    if (exitCode === 0 && complaints.length === 0) return 0;
    report.say(`Once more: ${options.command}`);
    return 1;
  } finally {
    await postgres.end();
    await rig.stop();
  }
}

/** @returns what is to be said against the run, besides what the checker finds */
async function breakIt(
  { seed, minutes, rate, faults }: Options,
  { dataDir, report, signal }: Context,
  rig: Rig,
  postgres: pg.Pool,
): Promise<string[]> {
  const topics = openTopics(rig.infrastructure.kafkaBrokers.split(','));
  const history = writeHistory(historyFile(dataDir));
  const progress = reportProgress(report.say);
  const client = createClient(rig.system.url, (entry) => {
    history.note(entry);
    progress.count(entry);
  });
  const seats = await insertSeats(
    postgres,
    probeSeats + Math.min(maxSeats, Math.ceil((minutes + 3) * 60 * rate)),
  );
  const [prober, ...crowd] = await makeUsers(client, rig.system.url, users + 1);
  const probe = createProbe(client, prober, seats.slice(0, probeSeats));
  const stage: Stage = { rig, topics, random: seeded(seed), probe };

  const load = startLoad({ client, users: crowd, seats: seats.slice(probeSeats) }, { seed, rate });
  progress.start(load);
  const failed = await runFaults(stage, {
    faults,
    until: Date.now() + minutes * 60_000,
    signal,
    note: history.note,
    at: progress.at,
    say: report.say,
  });
  progress.at('no more faults, no more load');
  await load.stop();
  const moving = await untilQuiescent(postgres, topics, restWithinMs, progress.at);
  progress.stop();
  await history.close();

  const unsigned = rig.externalApi.unsigned();
  return [
    ...failed.map((fault) => `${fault}: never injected, or the system was not itself again within 5 minutes`),
    ...(moving.length > 0 ? [`it doesn't come to rest: ${moving.join(', ')}`] : []),
    ...(unsigned > 0 ? [`${unsigned} deliveries to the external API without a signature that holds`] : []),
    ...load.failures().map((failure) => `a session could not be played: ${failure}`),
  ];
}
