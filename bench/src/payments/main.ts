import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import type { Infrastructure } from '@holdfast/launcher/infrastructure/start';
import { projectRoot } from '@holdfast/launcher/paths';
import { onFreshInfrastructure } from '../system.ts';
import { type Contender, type ContenderName, contenderNames } from './contenders/contender.ts';
import { dbos } from './contenders/dbos.ts';
import { holdfast } from './contenders/holdfast.ts';
import { restate } from './contenders/restate.ts';
import { transaction } from './contenders/transaction.ts';
import { costTable } from './cost.ts';
import { compare, ratiosOf, readBaseline, tolerance, writeBaseline } from './guard.ts';
import { drawHops, hopsTable, medianHops } from './hops.ts';
import { type Measurement, type Summary, summarize } from './measurement.ts';
import {
  line,
  machine,
  memoryTable,
  setting,
  tables,
  writeHops,
  writeMeasured,
  writeSection,
} from './report.ts';
import { cost, hops, measure, memory, profile, type RunOptions } from './run.ts';
import { type ScenarioName, scenarioNames, scenarios } from './scenarios.ts';

/**
 * `npm run bench`: the same payment on Holdfast and on what somebody would use instead, side by side.
 *
 * - without more: all scenarios and contenders, some rounds, written into docs/performance.md
 * - `--check`: Holdfast against the committed baseline, `--baseline` writes that
 * - `--cost`: what one payment makes Kafka and Postgres do
 * - `--memory`: what each part holds while sagas are run, by the hundred thousand
 * - `--hops`: the time of each hop of a payment that is alone
 * - `--profile`: where the time goes in each process
 */
const { values } = parseArgs({
  options: {
    /** Of each measured phase. */
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    scenario: { type: 'string', multiple: true },
    contender: { type: 'string', multiple: true },
    'in-flight': { type: 'string', default: '64' },
    /** A look at whether all works: what it measures means little, and isn't written down. */
    quick: { type: 'boolean', default: false },
    /** Holdfast at its orchestrator, past the gateway. */
    direct: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    baseline: { type: 'boolean', default: false },
    cost: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    /** Of `--memory`. */
    sagas: { type: 'string', default: '100000' },
    /** Payments that are stored before: does a payment cost more the more there were? */
    stored: { type: 'string', default: '0' },
    /** Of each of Holdfast's services. */
    instances: { type: 'string', default: '1' },
    hops: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    /** Where the page and its picture are written; docs, where nothing was left out. */
    out: { type: 'string' },
  },
});
const { quick, direct } = values;
const seconds = Number(values.seconds ?? (quick ? 4 : 20));
const rounds = Number(values.rounds ?? (quick ? 1 : 5));
const inFlight = Number(values['in-flight']);
const warmUpSeconds = quick ? 2 : 10;
const warmUpRounds = quick ? 1 : 10;

const contenders: Record<ContenderName, Contender> = { holdfast, transaction, dbos, restate };
const guarding = values.check || values.baseline;
const onHoldfast = values.cost || values.profile || values.memory;
const chosenScenarios = chosen(
  values.scenario ?? (guarding || onHoldfast ? ['distinct'] : undefined),
  scenarioNames,
);
const chosenContenders = chosen(
  values.contender ?? (guarding ? ['holdfast', 'transaction'] : onHoldfast ? ['holdfast'] : undefined),
  contenderNames,
);
const isWhole = !quick && !direct && !values.scenario && !values.contender;
const docs = values.out ?? (isWhole ? join(projectRoot, 'docs') : undefined);
const began = setting(['npm run bench --', ...process.argv.slice(2)].join(' ').replace(/ --$/, ''));

await runCommand((context) =>
  // Our own children, whatever the environment names: what others take wouldn't be seen.
  onFreshInfrastructure(context, {}, async (infrastructure, dataDir) => {
    let runs = 0;
    const optionsOf = (scenario: ScenarioName): RunOptions => ({
      infrastructure,
      dataDir,
      run: `bench_${++runs}`,
      scenario: scenarios[scenario],
      ...{ seconds, warmUpSeconds, warmUpRounds, inFlight, direct },
      ...{ stored: Number(values.stored), instances: Number(values.instances) },
      faults: scenarios[scenario].failing > 0,
      inspect: values.profile,
      ...context,
    });
    if (values.cost) return showCost(context, infrastructure, optionsOf);
    if (values.memory) return showMemory(context, optionsOf);
    if (values.hops) return showHops(context, optionsOf);
    if (values.profile) return showProfiles(context, optionsOf);
    return compareAll(context, optionsOf);
  }),
);

type OptionsOf = (scenario: ScenarioName) => RunOptions;

/** Round by round, so that what happens to the machine meanwhile meets all of them alike. */
async function compareAll({ report }: CommandContext, optionsOf: OptionsOf): Promise<number> {
  const measurements: Measurement[] = [];
  for (const scenario of chosenScenarios)
    for (let round = 1; round <= rounds; round++)
      for (const name of chosenContenders) {
        const measurement = await measure(contenders[name], optionsOf(scenario));
        measurements.push(measurement);
        report.say(`${scenario} ${round}/${rounds} ${line(measurement)}`);
      }
  const summaries = summarize(measurements);
  report.say(`\n${tables(summaries)}\n`);
  const kept = summaries.every(({ violations }) => violations.length === 0);
  if (guarding) return kept && guard(summaries, (text) => report.say(text)) ? 0 : 1;
  if (docs) writeMeasured(docs, began, summaries, measurements);
  return kept ? 0 : 1;
}

/** @returns whether nothing was lost */
function guard(summaries: readonly Summary[], say: (text: string) => void): boolean {
  const ratios = ratiosOf(summaries);
  if (values.baseline) {
    writeBaseline({ date: new Date().toISOString().slice(0, 10), machine: machine(), ratios });
    say('Written to bench/baseline.json.');
    return true;
  }
  const baseline = readBaseline();
  if (!baseline) {
    say('✖ There is no bench/baseline.json: npm run bench -- --baseline writes it');
    return false;
  }
  say(`Holdfast as a share of the single transaction, compared with ${baseline.date} (${baseline.machine}):`);
  const compared = compare(baseline.ratios, ratios);
  for (const { scenario, metric, was, is, loss, lost } of compared)
    say(
      `${lost ? '✖' : '✔'} ${scenario}, ${metric}: ${is}, was ${was} (${loss > 0 ? 'loss' : 'gain'} ${Math.abs(100 * loss).toFixed(0)}%, at most ${100 * tolerance}%)`,
    );
  return compared.length > 0 && compared.every(({ lost }) => !lost);
}

async function showCost(
  { report }: CommandContext,
  { kafkaBrokers }: Infrastructure,
  optionsOf: OptionsOf,
): Promise<number> {
  for (const name of chosenContenders) {
    const table = costTable(await cost(contenders[name], kafkaBrokers, optionsOf('distinct')));
    report.say(`${name}\n${table}`);
    if (docs && name === 'holdfast') writeSection(docs, 'cost', `${began}\n\n${table}`);
  }
  return 0;
}

async function showMemory({ report }: CommandContext, optionsOf: OptionsOf): Promise<number> {
  for (const name of chosenContenders) {
    const seen = await memory(contenders[name], optionsOf('distinct'), {
      sagas: Number(values.sagas),
      looks: 10,
    });
    report.say(`${name}\n${memoryTable(seen)}`);
  }
  return 0;
}

async function showHops({ report }: CommandContext, optionsOf: OptionsOf): Promise<number> {
  const payments = await hops(optionsOf('distinct'));
  const table = hopsTable(payments);
  report.say(`${payments.length} payments\n${table}`);
  if (docs) writeHops(docs, began, table, drawHops(medianHops(payments)));
  return 0;
}

async function showProfiles({ report }: CommandContext, optionsOf: OptionsOf): Promise<number> {
  for (const scenario of chosenScenarios)
    for (const name of chosenContenders)
      for (const text of await profile(contenders[name], optionsOf(scenario))) report.say(text);
  return 0;
}

function chosen<Name extends string>(asked: string[] | undefined, all: readonly Name[]): readonly Name[] {
  const unknown = asked?.filter((name) => !all.includes(name as Name)) ?? [];
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: choose of ${all.join(', ')}`);
  return asked ? all.filter((name) => asked.includes(name)) : all;
}
