import { median } from '../measure/median.ts';
import type { ContenderName } from './contenders/contender.ts';
import type { ScenarioName } from './scenarios.ts';

/** What one run of a contender came to. */
export type Measurement = {
  contender: ContenderName;
  scenario: ScenarioName;
  /** Final answers a second, with so many requests in flight as asked for. */
  perSecond: number;
  /** ms, at that load. */
  fullP50: number;
  fullP99: number;
  /** ms, one at a time. */
  aloneP50: number | undefined;
  /** ms, at half of that load, from when a request was meant to be made. */
  halfP99: number | undefined;
  /** CPU of all processes but the load generator's, ms for each saga. */
  cpuMs: number;
  generatorMs: number;
  /** The same by process; what was killed is in the sum only. */
  cpuMsBy: Record<string, number>;
  /** MiB, second by second, from the start of the load to its end. */
  memory: number[];
  kills: number;
  /** Answers that weren't final, by kind. */
  again: Record<string, number>;
  violations: string[];
};

type Metric = 'perSecond' | 'fullP50' | 'fullP99' | 'aloneP50' | 'halfP99' | 'cpuMs' | 'generatorMs';

/** The medians over the rounds. */
export type Summary = Record<Metric, number | undefined> & {
  contender: ContenderName;
  scenario: ScenarioName;
  rounds: number;
  /** From the first third of the load to the last, MiB. */
  memoryStart: number | undefined;
  memoryEnd: number | undefined;
  violations: string[];
};

export function summarize(measurements: readonly Measurement[]): Summary[] {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const key = `${measurement.scenario} ${measurement.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), measurement]);
  }
  return [...groups.values()].map(summaryOf);
}

function summaryOf(runs: readonly Measurement[]): Summary {
  const { contender, scenario } = runs[0] as Measurement;
  const of = (metric: Metric): number | undefined =>
    median(runs.flatMap((run) => (run[metric] === undefined ? [] : [run[metric]])));
  const third = (from: number, to: number): number | undefined =>
    median(runs.flatMap(({ memory }) => memory.slice(from * memory.length, Math.ceil(to * memory.length))));
  return {
    contender,
    scenario,
    rounds: runs.length,
    perSecond: of('perSecond'),
    fullP50: of('fullP50'),
    fullP99: of('fullP99'),
    aloneP50: of('aloneP50'),
    halfP99: of('halfP99'),
    cpuMs: of('cpuMs'),
    generatorMs: of('generatorMs'),
    memoryStart: third(0, 1 / 3),
    memoryEnd: third(2 / 3, 1),
    violations: runs.flatMap(({ violations }) => violations),
  };
}
