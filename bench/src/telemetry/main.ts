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
import { cpuMsOf } from '../measure/processes.ts';
import { onFreshSystem } from '../system.ts';

/**
 * `npm run bench:telemetry`: what telemetry costs. The same visits, as fast as they go, in turn on systems without it, with logs
 * as they are by default, and with all of it: traces sampled as they are by default, to a collector that drops them, and metrics
 * asked for as often as Prometheus does (deploy/observability/prometheus.yml). Where both cores are busy throughput is what a
 * request's CPU leaves of it, and CPU differs less from one run to the next.
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
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

  const systems: Record<string, { env: NonNullable<SystemOptions['env']>; measured: Measured[] }> = {
    none: { env: { all: { LOG_LEVEL: 'warn' } }, measured: [] },
    logs: { env: {}, measured: [] },
    all: { env: tracesAndMetrics(endpoint), measured: [] },
  };
  for (let round = 0; round < rounds; round++)
    // Each goes first, second and last as often as the others.
    for (const [name, { env, measured }] of rotated(Object.entries(systems), round)) {
      const one = await measure(context, env, name === 'all');
      measured.push(one);
      say(`${round + 1}/${rounds} ${name.padEnd(4)} ${shown(one)}`);
    }
  collector.closeAllConnections();
  collector.close();
  const medians = Object.entries(systems).map(([name, { measured }]) => ({
    name,
    perSecond: median(measured.map(({ perSecond }) => perSecond)) ?? 0,
    cpuMs: median(measured.map(({ cpuMs }) => cpuMs)) ?? 0,
  }));
  const none = medians[0] as (typeof medians)[number];
  for (const one of medians)
    say(
      `median ${one.name.padEnd(4)} ${shown(one)}, ${percent(one.perSecond / none.perSecond)} and ${percent(one.cpuMs / none.cpuMs)}`,
    );
  return 0;
});

type Measured = {
  perSecond: number;
  /** Of all processes, this one as well, for a request. */
  cpuMs: number;
};

function shown({ perSecond, cpuMs }: Measured): string {
  return `${perSecond.toFixed(0)} requests/s, ${cpuMs.toFixed(2)} ms of CPU each`;
}

function percent(ratio: number): string {
  return `${ratio < 1 ? '−' : '+'}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  return [...items.slice(by % items.length), ...items.slice(0, by % items.length)];
}

function tracesAndMetrics(endpoint: string): NonNullable<SystemOptions['env']> {
  return Object.fromEntries(
    processes.map((name, i) => [
      name,
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, METRICS_PORT: String(metricsPort + i) },
    ]),
  );
}

function measure(
  context: CommandContext,
  env: NonNullable<SystemOptions['env']>,
  scraped: boolean,
): Promise<Measured> {
  return onFreshSystem(context, { env }, async (system) => {
    const scrape = setInterval(() => scraped && processes.forEach(read), scrapeEveryMs);
    try {
      return await visit(system);
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
async function visit({ url, adminPostgresUrl }: System): Promise<Measured> {
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
    const [startedAt, cpuBefore] = [performance.now(), cpuMsOf([process.pid])];
    await pass(seconds);
    counting = false;
    const measuredS = (performance.now() - startedAt) / 1_000;
    const cpuMs = (cpuMsOf([process.pid]) - cpuBefore) / accepted;
    over = true;
    while (crowd.underWay() > 0) await pass(0.1);
    return { perSecond: accepted / measuredS, cpuMs };
  } finally {
    await client.close();
    await postgres.end();
  }
}

function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
