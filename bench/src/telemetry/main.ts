import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
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
 * `npm run bench:telemetry`: what telemetry costs. The same visits, as fast as they go, in short turns on two systems that are
 * both up: one without it (logs of warnings only), one with all of it: logs as they are by default, traces sampled as they are
 * by default, to a collector that drops them, and metrics read once in each of its turns, somewhat oftener than Prometheus does by
 * deploy/observability/prometheus.yml. In turns, because a machine differs from itself of a minute ago by more than what is
 * looked for; and in several pairs of systems, because two systems that are the same differ by several percent for as long as
 * they live.
 */
const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '6' },
    /** Turns of each of a pair. */
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '10' },
    'at-once': { type: 'string', default: '64' },
    /** Of what the cost is looked for. */
    parts: { type: 'string', default: 'logs,traces,metrics' },
  },
});
const [pairs, rounds, seconds, atOnce] = [
  options.pairs,
  options.rounds,
  options.seconds,
  options['at-once'],
].map(Number) as [number, number, number, number];
const parts = new Set(options.parts.split(','));
/** Throughput grows for a minute, until all code that is hot is compiled. */
const warmUpSeconds = 45;
/** The gateway's; the services' follow. */
const metricsPort = 19_500;
const processes = ['gateway', ...serviceNames] as const;

type Measured = {
  perSecond: number;
  /** Of the gateway and the services, for a request. */
  cpuMs: number;
};
type Loaded = {
  /** Keeps it busy for so long, after a moment to get going. */
  load: (seconds: number) => Promise<Measured>;
  close: () => Promise<void>;
};

await runCommand(async (context) => {
  const { report } = context;
  report.say(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  const collector = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const off = { all: { LOG_LEVEL: 'warn' } };
  const on = environment(endpoint);
  const ratios: Measured[] = [];
  try {
    for (let pair = 0; pair < pairs; pair++) {
      // Each is the older one as often as the other.
      const [older, younger] = pair % 2 === 0 ? [off, on] : [on, off];
      const ratio = await onFreshSystem(context, { env: older }, (first) =>
        onFreshSystem(context, { env: younger }, (second) =>
          older === off ? compare(context, first, second) : compare(context, second, first),
        ),
      );
      ratios.push(ratio);
      report.say(
        `pair ${pair + 1}/${pairs}: ${percent(ratio.perSecond)} requests/s, ${percent(ratio.cpuMs)} CPU each`,
      );
    }
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
  report.say(
    `with ${[...parts].join(', ')}: throughput ${shown(ratios.map(({ perSecond }) => perSecond))}, CPU of a request ${shown(ratios.map(({ cpuMs }) => cpuMs))}`,
  );
  return 0;
});

/** @returns medians of the ratios, with to without */
async function compare(
  { report, signal }: CommandContext,
  without: System,
  withAll: System,
): Promise<Measured> {
  const systems = { off: await prepare(without), on: await prepare(withAll) };
  try {
    for (const system of Object.values(systems)) await system.load(warmUpSeconds);
    const ratios: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      const measured: Partial<Record<keyof typeof systems, Measured>> = {};
      // Each goes first as often as the other.
      for (const name of round % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
        const read = () => name === 'on' && parts.has('metrics') && processes.forEach(readMetrics);
        const scrape = setTimeout(read, (seconds * 1_000) / 2);
        measured[name] = await systems[name].load(seconds);
        clearTimeout(scrape);
      }
      const { off, on } = measured as Record<keyof typeof systems, Measured>;
      ratios.push({ perSecond: on.perSecond / off.perSecond, cpuMs: on.cpuMs / off.cpuMs });
      report.say(
        `${round + 1}/${rounds} requests/s ${off.perSecond.toFixed(0)} and ${on.perSecond.toFixed(0)}, CPU each ${off.cpuMs.toFixed(2)} and ${on.cpuMs.toFixed(2)} ms`,
      );
    }
    return {
      perSecond: median(ratios.map(({ perSecond }) => perSecond)) ?? 0,
      cpuMs: median(ratios.map(({ cpuMs }) => cpuMs)) ?? 0,
    };
  } finally {
    await Promise.all(Object.values(systems).map((system) => system.close()));
  }
}

function percent(ratio: number): string {
  return `${ratio < 1 ? '−' : '+'}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;
}

/** The mean of the pairs, and between what it is with 95% (as if means were normally distributed). */
function shown(ratios: readonly number[]): string {
  const percents = ratios.map((ratio) => 100 * (ratio - 1));
  const mean = percents.reduce((sum, one) => sum + one, 0) / percents.length;
  const variance = percents.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (percents.length - 1);
  const half = 1.96 * Math.sqrt(variance / percents.length);
  return `${mean.toFixed(1)} % ± ${half.toFixed(1)}`;
}

function environment(endpoint: string): NonNullable<SystemOptions['env']> {
  return Object.fromEntries([
    ['all', parts.has('logs') ? {} : { LOG_LEVEL: 'warn' }],
    ...processes.map((name, i) => [
      name,
      {
        ...(parts.has('traces') && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
        ...(parts.has('metrics') && { METRICS_PORT: String(metricsPort + i) }),
      },
    ]),
  ]);
}

function readMetrics(name: (typeof processes)[number], i: number): void {
  const host = name === 'gateway' ? 'localhost' : '127.0.0.1';
  fetch(`http://${host}:${metricsPort + i}/metrics`)
    .then((response) => response.text())
    .catch((error) => console.error(`${name}'s metrics: ${error}`));
}

/** People with a hall to buy in. So many requests are always under way; a visit is six, one of them a payment. */
async function prepare({ url, adminPostgresUrl, gateway, services }: System): Promise<Loaded> {
  const postgres = new pg.Pool({ connectionString: adminPostgresUrl, max: 2 });
  const client = createClient(url);
  const nextSeat = await buildHall(postgres, 50_000);
  const visitors = await signUp(client.ask, 4 * atOnce, nextSeat);
  const pids = [gateway, ...Object.values(services).flat()].flatMap(({ pid }) => pid ?? []);
  let accepted = 0;
  let busy = false;
  const crowd = gatherCrowd(client.ask, visitors, nextSeat, ({ outcome }) => {
    if (outcome === 'accepted') accepted++;
    if (busy) setImmediate(() => crowd.arrive(performance.now()));
  });
  const now = () => ({ accepted, cpuMs: cpuMsOf(pids), at: performance.now() });
  return {
    load: async (seconds) => {
      busy = true;
      for (let i = 0; i < atOnce; i++) crowd.arrive(performance.now());
      await sleep(1_000);
      const before = now();
      await sleep(seconds * 1_000);
      const after = now();
      busy = false;
      while (crowd.underWay() > 0) await sleep(50);
      const requests = after.accepted - before.accepted;
      return {
        perSecond: requests / ((after.at - before.at) / 1_000),
        cpuMs: (after.cpuMs - before.cpuMs) / requests,
      };
    },
    close: async () => {
      await client.close();
      await postgres.end();
    },
  };
}
