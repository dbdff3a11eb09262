import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import type { System, SystemOptions } from '@holdfast/launcher/system';
import { serviceNames } from '@holdfast/shared/contracts/define';
import pg from 'pg';
import { createClient } from '../load/client.ts';
import { gatherCrowd, signUp } from '../load/crowd.ts';
import { buildHall } from '../load/hall.ts';
import { median } from '../measure/median.ts';
import { onFreshSystem } from '../system.ts';

/**
 * `npm run bench:telemetry`: what telemetry costs. The same visits, as fast as they go, on systems with it and without in turn:
 * traces sampled as they are by default, to a collector that drops them, and metrics asked for as often as Prometheus does (deploy/observability/prometheus.yml).
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '30' },
    'at-once': { type: 'string', default: '64' },
  },
});
const [rounds, seconds, atOnce] = [options.rounds, options.seconds, options['at-once']].map(Number) as [
  number,
  number,
  number,
];
const warmUpSeconds = 10;
const scrapeEveryMs = 15_000;
/** The gateway's; the services' follow. */
const metricsPort = 19_500;
const processes = ['gateway', ...serviceNames] as const;

await runCommand(async (context) => {
  const say = (line: string): void => context.report.say(line);
  const collector = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);

  const perSecond: Record<'off' | 'on', number[]> = { off: [], on: [] };
  for (let round = 0; round < rounds; round++)
    // Each goes first as often as the other.
    for (const telemetry of round % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
      const measured = await measure(context, telemetry === 'on' ? environment(endpoint) : {});
      perSecond[telemetry].push(measured);
      say(`${round + 1}/${rounds} ${telemetry.padEnd(3)} ${measured.toFixed(0)} requests/s`);
    }
  collector.closeAllConnections();
  collector.close();
  const [off, on] = [median(perSecond.off) ?? 0, median(perSecond.on) ?? 0];
  say(
    `median: off ${off.toFixed(0)}, on ${on.toFixed(0)} requests/s; it costs ${((1 - on / off) * 100).toFixed(1)} %`,
  );
  return 0;
});

function environment(endpoint: string): NonNullable<SystemOptions['env']> {
  return Object.fromEntries(
    processes.map((name, i) => [
      name,
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, METRICS_PORT: String(metricsPort + i) },
    ]),
  );
}

function measure(context: CommandContext, env: NonNullable<SystemOptions['env']>): Promise<number> {
  return onFreshSystem(context, { env: { ...env, all: { LOG_LEVEL: 'warn' } } }, async (system) => {
    const scrape = setInterval(() => Object.keys(env).length > 0 && processes.forEach(read), scrapeEveryMs);
    try {
      return await requestsPerSecond(system);
    } finally {
      clearInterval(scrape);
    }
  });
}

function read(name: (typeof processes)[number], i: number): void {
  const host = name === 'gateway' ? 'localhost' : '127.0.0.1';
  fetch(`http://${host}:${metricsPort + i}/metrics`)
    .then((response) => response.text())
    .catch((error) => console.error(`${name}'s metrics: ${error}`));
}

/** As many as are answered when so many are always under way. A visit is six, one of them a payment. */
async function requestsPerSecond({ url, adminPostgresUrl }: System): Promise<number> {
  const postgres = new pg.Pool({ connectionString: adminPostgresUrl, max: 2 });
  const client = createClient(url);
  try {
    const nextSeat = await buildHall(postgres, 20_000);
    const visitors = await signUp(client.ask, 4 * atOnce, nextSeat);
    let accepted = 0;
    let counting = false;
    let over = false;
    const crowd = gatherCrowd(client.ask, visitors, nextSeat, ({ outcome }) => {
      if (counting && outcome === 'accepted') accepted++;
      if (!over) setImmediate(() => crowd.arrive(performance.now()));
    });
    for (let i = 0; i < atOnce; i++) crowd.arrive(performance.now());
    await pass(warmUpSeconds);
    counting = true;
    const startedAt = performance.now();
    await pass(seconds);
    counting = false;
    const measuredS = (performance.now() - startedAt) / 1_000;
    over = true;
    while (crowd.underWay() > 0) await pass(0.1);
    return accepted / measuredS;
  } finally {
    await client.close();
    await postgres.end();
  }
}

function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
