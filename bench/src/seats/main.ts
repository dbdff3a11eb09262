import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import type { System } from '@holdfast/launcher/system';
import pg from 'pg';
import { createClient } from '../load/client.ts';
import { onFreshSystem } from '../system.ts';
import { changesTo } from './changes.ts';
import { largestPerformance, sellSome, withRandomIds } from './performances.ts';
import { asOften, oneByOne } from './requests.ts';

/**
 * `npm run bench:seats`: what the seat map of 50,000 seats weighs, how fast it is there, and how soon a change is seen, on a
 * system of its own with two instances of the reservation service.
 */
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    'at-once': { type: 'string', default: '64' },
    listeners: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '30' },
  },
});

await runCommand((context) =>
  onFreshSystem(
    context,
    { instances: { reservation: 2 }, env: { all: { LOG_LEVEL: 'warn' } } },
    async (system) => {
      const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 2 });
      try {
        await measure(system, postgres, context);
      } finally {
        await postgres.end();
      }
      return 0;
    },
  ),
);

async function measure(system: System, postgres: pg.Pool, { report }: CommandContext): Promise<void> {
  const say = (line: string): void => report.say(line);
  say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
  const stadium = await largestPerformance(postgres);
  const randomIds = await withRandomIds(postgres, stadium);
  await sellSome(postgres, stadium.performanceId);

  const [instance] = system.services.reservation.map(({ url }) => url) as [string];
  const mapOf = (performanceId: string): string => `${instance}/v1/performances/${performanceId}/seat-map`;
  const map = mapOf(stadium.performanceId);
  for (const [name, url] of [
    ['map', map],
    ['map with random ids', mapOf(randomIds)],
    ['status', `${map}/status`],
  ] as const)
    for (const line of await oneByOne(name, url)) say(line);

  const load = { seconds: Number(options.seconds), atOnce: Number(options['at-once']) };
  const client = createClient(system.url);
  const { body: user } = await client.ask(undefined, (client) =>
    client.POST('/v1/dev/users', { body: { name: 'bench' } }),
  );
  const authorization = `Bearer ${user.accessToken}`;
  const throughGateway = `${system.url}/v1/performances/${stadium.performanceId}/seat-map`;
  for (const [name, url, headers] of [
    ['map', map, {}],
    ['map, 304', map, { revalidate: true }],
    ['status', `${map}/status`, {}],
    ['status with one’s own seats', `${map}/status`, { authorization }],
    ['status through the gateway', `${throughGateway}/status`, {}],
  ] as const)
    say(await asOften(name, url, { ...load, ...headers }));

  const line = await changesTo({
    urls: system.services.reservation.map(({ url }) => url),
    ask: client.ask,
    ...stadium,
    listeners: Number(options.listeners),
    changes: Number(options.changes),
  });
  say(line);
  await client.close();
}
