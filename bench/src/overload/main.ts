import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import { projectRoot } from '@holdfast/launcher/paths';
import type { System } from '@holdfast/launcher/system';
import pg from 'pg';
import { type Ask, createClient } from '../load/client.ts';
import { gatherCrowd, signUp } from '../load/crowd.ts';
import { buildHall } from '../load/hall.ts';
import { memoryOf } from '../measure/memory.ts';
import { onFreshSystem } from '../system.ts';
import { audit, untilQuiet } from './audit.ts';
import { findCapacity } from './capacity.ts';
import { chart } from './chart.ts';
import { judge } from './criteria.ts';
import { page } from './report.ts';
import { createBench } from './run.ts';

/** `npm run overload -- --minutes N`: three times too much for N minutes, on a system of its own. */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    visitors: { type: 'string', default: '4000' },
    /** Requests a second that it carries, where that is known already. */
    capacity: { type: 'string' },
  },
});
const overloadSeconds = Math.round(Number(values.minutes) * 60);

await runCommand((context) =>
  onFreshSystem(
    context,
    // They come again and again.
    { env: { all: { LOG_LEVEL: 'warn' }, reservation: { MAX_SEATS_PER_USER: '1000000' } } },
    (system) => overload(system, context),
  ),
);

/** @returns the exit code: 0 where all criteria hold */
async function overload(system: System, context: CommandContext): Promise<number> {
  const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 2 });
  const client = createClient(system.url);
  try {
    return await measure(system, postgres, client.ask, context);
  } finally {
    await Promise.all([postgres.end(), client.close()]);
  }
}

async function measure(
  system: System,
  postgres: pg.Pool,
  ask: Ask,
  { report, signal }: CommandContext,
): Promise<number> {
  const say = (line: string): void => report.say(line);
  const load = loadavg()[0] as number;
  const nextSeat = await buildHall(postgres, 30_000);
  say(`Signing up ${values.visitors} visitors`);
  const visitors = await signUp(ask, Number(values.visitors), nextSeat);
  const crowd = gatherCrowd(ask, visitors, nextSeat, (noted) => bench.note(noted));
  const processes = [system.gateway, ...Object.values(system.services).flat()];
  const bench = createBench({
    crowd: () => crowd,
    look: async () => {
      const [{ rows }, memory] = await Promise.all([
        postgres.query(
          'select count(*)::int as unfinished from orchestrator.saga where not settled and ended_at is null',
        ),
        memoryOf(processes),
      ]);
      return { unfinishedSagas: rows[0].unfinished, memory };
    },
    signal,
  });

  say('What it can carry:');
  const capacity = values.capacity ? Number(values.capacity) : await findCapacity(bench, say);
  const offer = (name: string, share: number, seconds: number) => {
    say(`${name}: ${Math.round(share * capacity)} requests/s for ${seconds} s`);
    return bench.offer({ name, perSecond: share * capacity, seconds });
  };
  await offer('rest', 0.5, 10);
  const below = await offer('below', 0.7, 60);
  const over = await offer('overload', 3, overloadSeconds);
  const after = await offer('after', 0.7, 60);

  const quietAfterMs = await untilQuiet(postgres);
  const criteria = judge({
    below,
    over,
    after,
    failures: bench.failures,
    slowestMs: bench.slowest(),
    quietAfterMs,
    audit: await audit(postgres),
  });
  for (const { name, holds, saw } of criteria) say(`${holds ? '✔' : '✖'} ${name}: ${saw}`);

  const command = `npm run overload -- --minutes ${values.minutes} --visitors ${values.visitors}`;
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(join(projectRoot, 'docs/overload.svg'), chart(bench.samples));
  writeFileSync(
    join(projectRoot, 'docs/overload.md'),
    page({ command, date, capacity, load }, [below, over, after], criteria),
  );
  return criteria.every(({ holds }) => holds) ? 0 : 1;
}
