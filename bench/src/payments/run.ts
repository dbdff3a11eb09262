import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Infrastructure } from '@holdfast/launcher/infrastructure/start';
import { startCollector } from '@holdfast/shared/testing/collector';
import pg from 'pg';
import { percentileMs } from '../measure/latency.ts';
import { cpuMsOf, memoryMibOf } from '../measure/processes.ts';
import { type Audit, audit, type Told, violations } from './audit.ts';
import type { Call, Contender, Running, StartOptions } from './contenders/contender.ts';
import { holdfast, ofEach, startHoldfast } from './contenders/holdfast.ts';
import {
  type Counters,
  costPerSaga,
  kafkaCounters,
  postgresCounters,
  type Span,
  statisticsDelayMs,
} from './cost.ts';
import { type Hop, hopsOf } from './hops.ts';
import { answered, createGenerator, type Generator, sum, type Tally } from './load.ts';
import type { Measurement } from './measurement.ts';
import { type Preparation, prepareIn } from './prepare.ts';
import { type CpuProfile, profileLines, startProfile } from './profile.ts';
import { isFailing, type Scenario } from './scenarios.ts';
import { storePast } from './stored.ts';

export type RunOptions = StartOptions & {
  scenario: Scenario;
  /** Of each measured phase. */
  seconds: number;
  /** Of each round of the warm-up, of which there are as many as make it faster, or so many. */
  warmUpSeconds: number;
  warmUpRounds: number;
  inFlight: number;
  /** Payments that ended before: as many are stored. */
  stored: number;
};

/** A contender that has been started and is warm. */
type Bench = {
  running: Running;
  postgres: pg.Pool;
  /** Final answers a second that it gave at last. */
  perSecond: () => number;
  /** Prepares, then loads it with so many at once for so long. `around` is told when the load begins and has ended. */
  full: (seconds: number, around?: Around) => Promise<Tally>;
  alone: (around?: Around) => Promise<Tally>;
  half: () => Promise<Tally>;
  /** Waits until every saga has ended. @returns what is wrong with what it left */
  conclude: () => Promise<string[]>;
};

type Around = {
  begins: () => Promise<void> | void;
  /** The last call is answered; sagas may still be under way. */
  answered?: () => void;
  ends: () => Promise<void> | void;
};

/** Starts a contender, warms it up, and stops it once the work is done. */
async function onContender<Result>(
  contender: Contender,
  options: RunOptions,
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const running = await contender.start(options);
  const postgres = new pg.Pool({ connectionString: running.databaseUrl, max: 2 });
  const generator = createGenerator(running.url, options.signal);
  try {
    if (options.stored > 0)
      await storePast(postgres, options.stored, (done) =>
        options.report.say(`${done} of ${options.stored} payments stored`),
      );
    const preparation = await prepareIn(postgres, { sagas: contender.name === 'holdfast' });
    const bench = createBench(running, postgres, generator, preparation, options);
    await bench.warmUp();
    return await work(bench);
  } finally {
    await Promise.all([generator.close(), postgres.end()]);
    await running.stop();
    await dropDatabase(options.infrastructure, running.databaseUrl);
  }
}

function createBench(
  running: Running,
  postgres: pg.Pool,
  generator: Generator,
  preparation: Preparation,
  { scenario, seconds, warmUpSeconds, warmUpRounds, inFlight, stored, signal }: RunOptions,
): Bench & { warmUp: () => Promise<void> } {
  const users = scenario.users();
  const told: Told = { paid: stored, held: 0, preparedHolds: stored };
  const wrong: string[] = [];
  let perSecond = 0;

  async function calls(count: number): Promise<Call[]> {
    if (scenario.buyersPerSeat) {
      const seats = Math.ceil(count / scenario.buyersPerSeat);
      return Promise.all((await preparation.holds(seats, scenario.buyersPerSeat)).map(running.hold));
    }
    const payments = await preparation.payments(count, users);
    told.preparedHolds += count;
    return Promise.all(
      payments.map((payment, i) => running.pay(payment, { fails: isFailing(i, scenario.failing) })),
    );
  }

  /** The clients' answers have to add up to what is stored in the end. */
  function note(tally: Tally): Tally {
    if (scenario.buyersPerSeat) told.held += tally.done;
    else told.paid += tally.done;
    if (tally.unanswered > 0) wrong.push(`${tally.unanswered} were never answered`);
    if (!scenario.buyersPerSeat && scenario.failing === 0 && sum(tally.refused) > 0)
      wrong.push(`refused: ${JSON.stringify(Object.fromEntries(tally.refused))}`);
    return tally;
  }

  async function full(duration: number, around?: Around, expected = perSecond): Promise<Tally> {
    const made = await calls(Math.ceil(expected * duration * 1.5) + 4 * inFlight);
    await around?.begins();
    const tally = note(await generator.closed(made, { atOnce: inFlight, seconds: duration }));
    around?.answered?.();
    await untilFinished(running, signal);
    await around?.ends();
    perSecond = answered(tally) / tally.seconds;
    return tally;
  }

  return {
    running,
    postgres,
    perSecond: () => perSecond,
    warmUp: async () => {
      await full(warmUpSeconds, undefined, 500);
      // Compilers take their time with what runs a few hundred times a second; a service that has run for an hour is warm.
      for (
        let before = 0, round = 1;
        round < warmUpRounds && (round < leastRounds || perSecond > 1.05 * before);
        round++
      ) {
        before = perSecond;
        await full(warmUpSeconds);
      }
    },
    full,
    alone: async (around) => {
      const made = await calls(Math.ceil(Math.min(perSecond, 1_000) * seconds));
      await around?.begins();
      const tally = note(await generator.closed(made, { atOnce: 1, seconds }));
      await untilFinished(running, signal);
      await around?.ends();
      return tally;
    },
    half: async () => {
      const rate = perSecond / 2;
      const made = await calls(Math.ceil(rate * (runInSeconds + seconds)));
      const first = made.splice(0, Math.ceil(rate * runInSeconds));
      note(await generator.open(first, { perSecond: rate, seconds: runInSeconds }));
      return note(await generator.open(made, { perSecond: rate, seconds }));
    },
    conclude: async () => {
      await untilFinished(running, signal);
      return [...wrong, ...(await untilKept(postgres, told))];
    },
  };
}

/** One round may be worse for another reason, such as a disk that is still busy. */
const leastRounds = 3;

/** So long what the preparation leaves behind is felt: every plan of every connection is made anew after an `analyze`. */
const runInSeconds = 3;

/** Some of what follows a saga's end, such as a token's deletion, comes a moment later. */
async function untilKept(postgres: pg.Pool, told: Told): Promise<string[]> {
  let found: Audit;
  for (let attempt = 0; ; attempt++) {
    found = await audit(postgres);
    const broken = violations(found, told);
    if (broken.length === 0 || attempt === 20) return broken;
    await sleep(500);
  }
}

export async function untilFinished(running: Running, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + 60_000; (await running.unfinished()) > 0; ) {
    if (Date.now() > deadline) throw new Error('sagas without an end');
    await sleep(20, undefined, { signal });
  }
}

/** What a contender takes of the machine: the processes of its own, and the infrastructure that works for it. */
function partsOf(running: Running, infrastructure: Infrastructure): Record<string, number[]> {
  const used = running.uses.map((name) => [name, [infrastructure.processes[name]?.pid ?? []].flat()]);
  return { ...running.pids(), ...Object.fromEntries(used) };
}

const byPart = (parts: Record<string, number[]>, of: (pids: number[]) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(parts).map(([name, pids]) => [name, of(pids)]));

export async function measure(contender: Contender, options: RunOptions): Promise<Measurement> {
  const { scenario, infrastructure } = options;
  return onContender(contender, options, async (bench) => {
    const { running } = bench;
    const unused = (['kafka', 'redis'] as const).filter((name) => !running.uses.includes(name));
    const idle = unused.flatMap((name) => infrastructure.processes[name]?.pid ?? []);
    // All that this process has started, also what was killed in the meantime, without itself and what only others use.
    const cpuNow = () => {
      const { user, system } = process.cpuUsage();
      const generator = (user + system) / 1_000;
      const by = byPart(partsOf(running, infrastructure), cpuMsOf);
      return { contender: cpuMsOf([process.pid]) - cpuMsOf(idle) - generator, generator, by };
    };
    const memory: number[] = [];
    let [before, after] = [cpuNow(), cpuNow()];
    let kills = 0;
    let watch: NodeJS.Timeout | undefined;
    let killer: NodeJS.Timeout | undefined;
    const stopTimers = (): void => {
      clearInterval(watch);
      clearInterval(killer);
    };
    let tally: Tally;
    try {
      tally = await bench.full(options.seconds, {
        begins: () => {
          watch = setInterval(
            () => memory.push(memoryMibOf(Object.values(partsOf(running, infrastructure)).flat())),
            1_000,
          );
          if (scenario.killEvery)
            killer = setInterval(() => {
              running.kill();
              kills++;
            }, scenario.killEvery * 1_000);
          before = cpuNow();
        },
        // Or a saga that is still under way would have no peace to end.
        answered: () => clearInterval(killer),
        ends: () => {
          after = cpuNow();
          stopTimers();
        },
      });
    } finally {
      stopTimers();
    }
    const sagas = answered(tally);
    const steady = scenario.killEvery === undefined && scenario.buyersPerSeat === undefined;
    const alone = steady ? await bench.alone() : undefined;
    const half = steady ? await bench.half() : undefined;
    return {
      contender: contender.name,
      scenario: scenario.name,
      perSecond: sagas / tally.seconds,
      fullP50: percentileMs(tally.latency, 50),
      fullP99: percentileMs(tally.latency, 99),
      aloneP50: alone && percentileMs(alone.latency, 50),
      halfP99: half && percentileMs(half.latency, 99),
      cpuMs: (after.contender - before.contender) / sagas,
      generatorMs: (after.generator - before.generator) / sagas,
      cpuMsBy: Object.fromEntries(
        Object.entries(after.by).map(([name, ms]) => [name, (ms - (before.by[name] ?? 0)) / sagas]),
      ),
      memory,
      kills,
      again: Object.fromEntries(tally.again),
      violations: await bench.conclude(),
    };
  });
}

/** MiB that each part holds, as often as asked for while so many sagas are run. */
export async function memory(
  contender: Contender,
  options: RunOptions,
  { sagas, looks }: { sagas: number; looks: number },
): Promise<{ sagas: number; mib: Record<string, number> }[]> {
  return onContender(contender, options, async ({ running, full, perSecond, conclude }) => {
    const look = (done: number) => ({
      sagas: done,
      mib: byPart(partsOf(running, options.infrastructure), memoryMibOf),
    });
    const seen = [look(0)];
    for (let done = 0; done < sagas; ) {
      const tally = await full(Math.ceil(sagas / looks / perSecond()));
      done += answered(tally);
      seen.push(look(done));
      options.report.say(`${done} of ${sagas} sagas: ${JSON.stringify(seen.at(-1)?.mib)}`);
    }
    const broken = await conclude();
    if (broken.length > 0) throw new Error(broken.join('; '));
    return seen;
  });
}

/** What one saga makes Kafka and Postgres do: one at a time, and with as many in flight as asked for. */
export async function cost(
  contender: Contender,
  kafkaBrokers: string,
  options: RunOptions,
): Promise<Record<string, Counters>> {
  const { dataDir, run, signal, inFlight } = options;
  return onContender(contender, options, async ({ running, postgres, full, alone }) => {
    const take = async (): Promise<{ counters: Counters; at: number }> => {
      await sleep(statisticsDelayMs, undefined, { signal });
      const counters = {
        ...(await postgresCounters(postgres)),
        ...(running.uses.includes('kafka') &&
          (await kafkaCounters(kafkaBrokers, {
            topicPrefix: `${run}.`,
            dataDir: join(dataDir, 'kafka', 'data'),
          }))),
      };
      return { counters, at: performance.now() };
    };
    type Taken = Awaited<ReturnType<typeof take>>;
    const span = (from: Taken, to: Taken): Span => ({
      from: from.counters,
      to: to.counters,
      seconds: (to.at - from.at) / 1_000,
    });
    const first = await take();
    const idle = span(first, await take());

    const measured = async (load: (around: Around) => Promise<Tally>): Promise<Counters> => {
      let [before, after] = [first, first];
      const tally = await load({
        begins: async () => {
          before = await take();
        },
        ends: async () => {
          after = await take();
        },
      });
      return costPerSaga(span(before, after), idle, answered(tally));
    };
    return {
      'one at a time': await measured(alone),
      [`${inFlight} in flight`]: await measured((around) => full(options.seconds, around)),
    };
  });
}

/** The hops of payments that are made one at a time, each of them traced. */
export async function hops(options: RunOptions): Promise<Hop[][]> {
  const collector = await startCollector();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: String(exportEveryMs),
  };
  const traced: Contender = {
    ...holdfast,
    start: async ({ instances, ...start }) =>
      (await startHoldfast({ ...start, instances: ofEach(instances), env })).running,
  };
  try {
    return await onContender(traced, options, async ({ alone }) => {
      await alone({
        begins: async () => {
          await sleep(3 * exportEveryMs, undefined, { signal: options.signal });
          collector.spans.length = 0;
        },
        ends: () => sleep(3 * exportEveryMs, undefined, { signal: options.signal }),
      });
      return hopsOf(collector.spans);
    });
  } finally {
    await collector.stop();
  }
}

const exportEveryMs = 500;

/** Where the time of each process goes under full load, in lines. */
export async function profile(contender: Contender, options: RunOptions): Promise<string[]> {
  return onContender(contender, options, async ({ running, full }) => {
    let stops: [string, () => Promise<CpuProfile>][] = [];
    let profiles: [string, CpuProfile][] = [];
    const tally = await full(options.seconds, {
      begins: async () => {
        stops = await Promise.all(
          Object.entries(running.inspectors).map(
            async ([name, port]): Promise<[string, () => Promise<CpuProfile>]> => [
              name,
              await startProfile(port),
            ],
          ),
        );
      },
      ends: async () => {
        profiles = await Promise.all(
          stops.map(async ([name, stop]): Promise<[string, CpuProfile]> => [name, await stop()]),
        );
      },
    });
    const sagas = answered(tally);
    return [
      `${contender.title}, profiled: ${(sagas / tally.seconds).toFixed(0)} sagas/s`,
      ...profiles.flatMap(([name, of]) => profileLines(name, of, sagas)),
    ];
  });
}

async function dropDatabase({ postgresUrl }: Infrastructure, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const name = new URL(databaseUrl).pathname.slice(1);
  await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
  await client.end();
}
