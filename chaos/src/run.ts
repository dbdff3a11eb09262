import { join } from 'node:path';
import type { Report } from '@holdfast/launcher/terminal/report';
import pg from 'pg';
import { concludeRun } from './conclude.ts';
import type { Stage } from './faults/fault.ts';
import { runFaults } from './faults/schedule.ts';
import { readAll, readLines, writeHistory } from './history/file.ts';
import type { HistoryEntry } from './history/history.ts';
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

type Context = { dataDir: string; report: Report; signal: AbortSignal };

const users = 1_000;
const probeSeats = 2_000;
const restWithinMs = 180_000;

/** Starts a system, breaks it under load, lets it come to rest, and checks it. @returns the exit code */
export async function run(options: Options, context: Context): Promise<number> {
  const { report } = context;
  report.say(`Seed ${options.seed}, ${options.minutes} minutes, data and logs in ${context.dataDir}`);
  const rig = await startRig({ ...context, seed: options.seed });
  const postgres = new pg.Pool({ connectionString: rig.adminPostgresUrl, max: 3 });
  postgres.on('error', () => undefined);
  try {
    const exitCode = await breakAndCheck(options, context, rig, postgres);
    if (exitCode !== 0)
      report.say(`Replay: npm run chaos -- --minutes ${options.minutes} --seed ${options.seed}`);
    return exitCode;
  } finally {
    await postgres.end();
    await rig.stop();
  }
}

async function breakAndCheck(
  options: Options,
  { dataDir, report, signal }: Context,
  rig: Rig,
  postgres: pg.Pool,
): Promise<number> {
  const { seed, minutes, rate, faults } = options;
  const topics = openTopics(rig.infrastructure.kafkaBrokers.split(','));
  const historyFile = join(dataDir, 'history.ndjson');
  const history = writeHistory(historyFile);
  const progress = reportProgress(report.say);
  const client = createClient(rig.system.url, (entry) => {
    history.note(entry);
    progress.count(entry);
  });

  const seats = await insertSeats(postgres, Math.ceil(minutes * 60 * rate) + 2_000 + probeSeats);
  const [prober, ...crowd] = await makeUsers(client, rig.system.url, users + 1);
  const probe = createProbe(client, prober, seats.slice(0, probeSeats));
  const stage: Stage = { rig, topics, random: seeded(seed), probe };

  const load = startLoad({ client, users: crowd, seats: seats.slice(probeSeats) }, { seed, rate });
  progress.start(load);
  await runFaults(stage, {
    faults,
    until: Date.now() + minutes * 60_000,
    signal,
    note: history.note,
    at: progress.at,
    say: report.say,
  });
  progress.at('no more faults, no more load');
  await load.stop();
  progress.at('coming to rest');
  const moving = await untilQuiescent(postgres, topics, restWithinMs, progress.at);
  progress.stop();
  await history.close();
  if (moving.length > 0) report.say(`✖ It doesn't come to rest: ${moving.join(', ')}`);

  const { exitCode } = await concludeRun({
    history: readLines<HistoryEntry>(historyFile),
    adminPostgresUrl: rig.adminPostgresUrl,
    kafkaBrokers: rig.infrastructure.kafkaBrokers.split(','),
    topicPrefix: '',
    redisUrl: rig.infrastructure.redisUrl,
    externalApi: {
      deliveries: await readAll<{ id: string }>(join(dataDir, 'deliveries.ndjson')),
    },
    log: report.say,
  });
  report.say(`History: ${historyFile}`);
  return moving.length > 0 ? 1 : exitCode;
}
