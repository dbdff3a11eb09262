import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
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
 * `npm run bench:scaling`: payments a second with 1, 2 and 4 instances of one service. All of them are on this machine, so
 * each gets a share of a core, small enough that this service is what there is too little of, and one instance of every
 * other has what it likes; and what a queueing model makes of the first two of these measurements.
 */
const { values } = parseArgs({
  options: {
    service: { type: 'string', default: 'orchestrator' },
    instances: { type: 'string', default: '1,2,4' },
    share: { type: 'string', default: '0.2' },
    seconds: { type: 'string', default: '20' },
    /** For each instance: more of them are for more to do. */
    'in-flight': { type: 'string', default: '32' },
  },
});
const scaled = serviceNames.find((name) => name === values.service);
const share = Number(values.share);
const seconds = Number(values.seconds);
const inFlightEach = Number(values['in-flight']);
const cores = availableParallelism();

type Measured = {
  instances: number;
  perSecond: number;
  p50: number;
  /** CPU for one payment of all instances of the service, ms, without what they use at rest. */
  demandMs: number;
  /** What one instance uses when nothing happens, as a share of a core. */
  idle: number;
  /** CPU of everything else for one payment: the other services, gateway, Kafka, Postgres, Redis, and who asks. */
  restMs: number;
};

await runCommand(async (context) => {
  if (!scaled) throw new Error(`--service ${values.service}: choose of ${serviceNames.join(', ')}`);
  const measured: Measured[] = [];
  for (const instances of values.instances.split(',').map(Number))
    measured.push(await measureWith(scaled, instances, context));
  show(scaled, measured, context);
  return 0;
});

function measureWith(scaled: ServiceName, instances: number, context: CommandContext): Promise<Measured> {
  const inFlight = inFlightEach * instances;
  return onFreshInfrastructure(context, {}, async (infrastructure, dataDir) => {
    const { system, running } = await startHoldfast({
      infrastructure,
      dataDir,
      run: `scaling_${instances}`,
      faults: false,
      direct: false,
      inspect: false,
      instances: { [scaled]: instances },
      ...context,
    });
    const postgres = new pg.Pool({ connectionString: running.databaseUrl, max: 2 });
    const generator = createGenerator(running.url, context.signal);
    const pids = system.services[scaled].flatMap(({ pid }) => pid ?? []);
    let limits: { lift: () => void }[] = [];
    try {
      const { payments } = await prepareIn(postgres, { sagas: true });
      const load = async (duration: number, perSecond: number) => {
        const prepared = await payments(Math.ceil(perSecond * duration) + 4 * inFlight, distinctUsers);
        const calls = await Promise.all(prepared.map((payment) => running.pay(payment, { fails: false })));
        const used = measureCpu(pids);
        const tally = await generator.closed(calls, { atOnce: inFlight, seconds: duration });
        await untilFinished(running, context.signal);
        return { tally, cpu: used() };
      };
      // With all of a core: code that has never run takes long at a share of one.
      const warm = await load(10, 500);
      const most = (1.5 * answered(warm.tally)) / warm.tally.seconds;
      limits = pids.map((pid) => limitCpu(pid, share));
      await load(5, most);
      const resting = measureCpu(pids);
      await sleep(5_000, undefined, { signal: context.signal });
      const { scaledMs, seconds: restedS } = resting();
      const idle = scaledMs / 1_000 / restedS / instances;
      const { tally, cpu } = await load(seconds, most);
      const sagas = answered(tally);
      const result: Measured = {
        instances,
        perSecond: sagas / tally.seconds,
        p50: percentileMs(tally.latency, 50),
        idle,
        demandMs: (cpu.scaledMs - idle * instances * cpu.seconds * 1_000) / sagas,
        restMs: cpu.restMs / sagas,
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

/** From now on: CPU of these processes and of all else that this one has started, ms. */
function measureCpu(pids: readonly number[]): () => { scaledMs: number; restMs: number; seconds: number } {
  const now = () => ({ scaled: cpuMsOf(pids), all: cpuMsOf([process.pid]), at: performance.now() });
  const before = now();
  return () => {
    const after = now();
    const scaledMs = after.scaled - before.scaled;
    return {
      scaledMs,
      restMs: after.all - before.all - scaledMs,
      seconds: (after.at - before.at) / 1_000,
    };
  };
}

function show(scaled: ServiceName, measured: readonly Measured[], { report }: CommandContext): void {
  const [first] = measured;
  if (!first) return;
  report.say(
    `| ${scaled}s | payments/s | × | the model's | its bottleneck | p50, ms | the model's mean, ms | CPU a payment: ${scaled}, ms | all else, ms |\n|---|---|---|---|---|---|---|---|---|`,
  );
  for (const { instances, perSecond, p50, demandMs, restMs } of measured) {
    const stations = stationsWith(scaled, instances, measured);
    const predicted = predict(stations, inFlightEach * instances, 0);
    report.say(
      `| ${instances} | ${perSecond.toFixed(1)} | ${(perSecond / first.perSecond).toFixed(2)} | ${predicted.perSecond.toFixed(1)} | ${predicted.bottleneck} | ${p50.toFixed(0)} | ${predicted.responseMs.toFixed(0)} | ${demandMs.toFixed(1)} | ${restMs.toFixed(1)} |`,
    );
  }
  report.say(
    `Each ${scaled} has ${100 * share} % of a core; at rest it uses ${(100 * first.idle).toFixed(1)} % of one.`,
  );
}

/**
 * By what one instance took and two did. A batch costs something for itself, and more instances make more and smaller ones
 * of the same payments: what a payment asks for grows with them, in a straight line as far as it is known here.
 */
function stationsWith(scaled: ServiceName, instances: number, measured: readonly Measured[]): Station[] {
  const [first, second = first] = measured as [Measured, Measured?];
  const along = (of: 'demandMs' | 'restMs'): number => {
    const steps = second.instances - first.instances;
    const slope = steps > 0 ? (second[of] - first[of]) / steps : 0;
    return first[of] + slope * (instances - first.instances);
  };
  return [
    { name: scaled, demandMs: along('demandMs'), servers: instances, share: share - first.idle },
    { name: 'all else', demandMs: along('restMs'), servers: cores, share: 1 },
  ];
}
