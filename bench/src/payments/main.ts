import { parseArgs } from 'node:util';
import { runCommand } from '@holdfast/launcher/command';
import { type Contender, type ContenderName, contenderNames } from './contenders/contender.ts';
import { dbos } from './contenders/dbos.ts';
import { holdfast } from './contenders/holdfast.ts';
import { restate } from './contenders/restate.ts';
import { transaction } from './contenders/transaction.ts';
import { onInfrastructure } from './infrastructure.ts';
import { type Measurement, summarize } from './measurement.ts';
import { line, table } from './report.ts';
import { measure } from './run.ts';
import { scenarioNames, scenarios } from './scenarios.ts';

/**
 * `npm run bench`: the same payment on Holdfast and on what somebody would use instead, side by side.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    scenario: { type: 'string', multiple: true },
    contender: { type: 'string', multiple: true },
    'in-flight': { type: 'string', default: '64' },
    /** A look at whether all works: what it measures means little. */
    quick: { type: 'boolean', default: false },
    /** Holdfast at its orchestrator, past the gateway. */
    direct: { type: 'boolean', default: false },
  },
});
const { quick, direct } = values;
const seconds = Number(values.seconds ?? (quick ? 4 : 20));
const rounds = Number(values.rounds ?? (quick ? 1 : 5));
const inFlight = Number(values['in-flight']);
const warmUpSeconds = quick ? 2 : 10;

const contenders: Record<ContenderName, Contender> = { holdfast, transaction, dbos, restate };

await runCommand((context) =>
  onInfrastructure(context, async (infrastructure, dataDir) => {
    const measurements: Measurement[] = [];
    for (const scenario of chosen(values.scenario, scenarioNames))
      for (let round = 1; round <= rounds; round++)
        for (const name of chosen(values.contender, contenderNames)) {
          const measurement = await measure(contenders[name], {
            infrastructure,
            dataDir,
            run: `bench_${measurements.length}`,
            scenario: scenarios[scenario],
            ...{ seconds, warmUpSeconds, inFlight, direct },
            faults: scenarios[scenario].failing > 0,
            inspect: false,
            ...context,
          });
          measurements.push(measurement);
          context.report.say(`${scenario} ${round}/${rounds} ${line(measurement)}`);
        }
    const summaries = summarize(measurements);
    context.report.say(table(summaries));
    return summaries.some(({ violations }) => violations.length > 0) ? 1 : 0;
  }),
);

function chosen<Name extends string>(asked: string[] | undefined, all: readonly Name[]): readonly Name[] {
  const unknown = asked?.filter((name) => !all.includes(name as Name)) ?? [];
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: choose of ${all.join(', ')}`);
  return asked ? all.filter((name) => asked.includes(name)) : all;
}
