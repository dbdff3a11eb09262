import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import { forEachService, type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import pg from 'pg';
import { percentileMs } from '../measure/latency.ts';
import { cpuMsOf } from '../measure/processes.ts';
import { startHoldfast } from '../payments/contenders/holdfast.ts';
import { answered, createGenerator } from '../payments/load.ts';
import { distinctUsers, prepareIn } from '../payments/prepare.ts';
import { untilFinished } from '../payments/run.ts';
import { onFreshInfrastructure } from '../system.ts';
import { limitCpu } from './cpu-quota.ts';
import { predict, type Station } from './model.ts';

/**
 * `npm run bench:scaling`: payments a second with 1, 2 and 4 instances of each service. All of them are on this machine, so
 * each gets a share of a core, small enough that the instances are what there is too little of; and what a queueing model
 * predicts from the first of these measurements.
 */
const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '1,2,4' },
    share: { type: 'string', default: '0.15' },
    seconds: { type: 'string', default: '20' },
    'in-flight': { type: 'string', default: '64' },
  },
});
const share = Number(values.share);
const seconds = Number(values.seconds);
const inFlight = Number(values['in-flight']);
const cores = availableParallelism();

type Measured = {
  instances: number;
  perSecond: number;
  p50: number;
  /** CPU for one saga by service, all its instances together, ms. */
  demandMs: Record<ServiceName, number>;
  /** What one instance uses when nothing happens, as a share of a core. */
  idle: Record<ServiceName, number>;
  /** CPU of everything else for one saga: gateway, Kafka, Postgres, Redis, and who asks. */
  restMs: number;
};

await runCommand(async (context) => {
  const measured: Measured[] = [];
  for (const instances of values.instances.split(',').map(Number))
    measured.push(await measureWith(instances, context));
  show(measured, context);
  return 0;
});

function measureWith(instances: number, context: CommandContext): Promise<Measured> {
  return onFreshInfrastructure(context, {}, async (infrastructure, dataDir) => {
    const run = `scaling_${instances}`;
    const { system, running } = await startHoldfast({
      infrastructure,
      dataDir,
      run,
      faults: false,
      direct: false,
      inspect: false,
      instances: forEachService(() => instances),
      ...context,
    });
    const postgres = new pg.Pool({ connectionString: running.databaseUrl, max: 2 });
    const generator = createGenerator(running.url, context.signal);
    const pidsOf = (service: ServiceName) => system.services[service].flatMap(({ pid }) => pid ?? []);
    const limits = serviceNames.flatMap(pidsOf).map((pid) => limitCpu(pid, share));
    try {
      const { payments } = await prepareIn(postgres, { sagas: true });
      const load = async (duration: number, perSecond: number) => {
        const prepared = await payments(Math.ceil(perSecond * duration * 1.5) + 4 * inFlight, distinctUsers);
        const calls = await Promise.all(prepared.map((payment) => running.pay(payment, { fails: false })));
        const before = cpuNow(pidsOf);
        const tally = await generator.closed(calls, { atOnce: inFlight, seconds: duration });
        await untilFinished(running, context.signal);
        return { tally, cpu: since(before, cpuNow(pidsOf)) };
      };
      const warm = await load(10, 100);
      const rested = cpuNow(pidsOf);
      await sleep(5_000, undefined, { signal: context.signal });
      const resting = since(rested, cpuNow(pidsOf));
      const { tally, cpu } = await load(seconds, 1.5 * (answered(warm.tally) / warm.tally.seconds));
      const sagas = answered(tally);
      const idle = forEachService((service) => resting.services[service] / 5_000 / instances);
      const result: Measured = {
        instances,
        perSecond: sagas / tally.seconds,
        p50: percentileMs(tally.latency, 50),
        idle,
        demandMs: forEachService(
          (service) => (cpu.services[service] - idle[service] * instances * tally.seconds * 1_000) / sagas,
        ),
        restMs: cpu.rest / sagas,
      };
      context.report.say(
        `${instances}: ${result.perSecond.toFixed(1)} payments/s, p50 ${result.p50.toFixed(0)} ms`,
      );
      return result;
    } finally {
      await Promise.all([generator.close(), postgres.end()]);
      await running.stop();
      for (const { lift } of limits) lift();
    }
  });
}

type Cpu = { services: Record<ServiceName, number>; rest: number };

/** CPU so far, ms. Everything is our own child. */
function cpuNow(pidsOf: (service: ServiceName) => number[]): Cpu {
  const services = forEachService((service) => cpuMsOf(pidsOf(service)));
  const all = cpuMsOf([process.pid]);
  return { services, rest: all - Object.values(services).reduce((sum, ms) => sum + ms, 0) };
}

function since(before: Cpu, after: Cpu): Cpu {
  return {
    services: forEachService((service) => after.services[service] - before.services[service]),
    rest: after.rest - before.rest,
  };
}

function show(measured: readonly Measured[], { report }: CommandContext): void {
  const [first] = measured;
  if (!first) return;
  report.say(
    `| instances of each | payments/s | × | the model's | its bottleneck | p50, ms | CPU a payment: ${serviceNames.join(', ')}, all else, ms |\n|---|---|---|---|---|---|---|`,
  );
  for (const { instances, perSecond, p50, demandMs, restMs } of measured) {
    const predicted = predict(stationsWith(first, instances), inFlight, 0);
    report.say(
      `| ${instances} | ${perSecond.toFixed(1)} | ${(perSecond / first.perSecond).toFixed(2)} | ${predicted.perSecond.toFixed(1)} | ${predicted.bottleneck} | ${p50.toFixed(0)} | ${[...serviceNames.map((service) => demandMs[service]), restMs].map((ms) => ms.toFixed(1)).join(', ')} |`,
    );
  }
  const rest = serviceNames
    .map((service) => `${service} ${(100 * first.idle[service]).toFixed(1)} %`)
    .join(', ');
  report.say(`Each instance has ${100 * share} % of a core; at rest it uses of a core: ${rest}.`);
}

/** By what one instance of each took: what its rest leaves of its share, and all cores for all else. */
function stationsWith({ demandMs, idle, restMs }: Measured, instances: number): Station[] {
  return [
    ...serviceNames.map((service) => ({
      name: service,
      demandMs: demandMs[service],
      servers: instances,
      share: share - idle[service],
    })),
    { name: 'all else', demandMs: restMs, servers: cores, share: 1 },
  ];
}
