import { cpus, totalmem } from 'node:os';
import { type Criterion, refusedShare } from './criteria.ts';
import type { Passed } from './run.ts';

export type Setting = { command: string; date: string; capacity: number; load: number };

/** The page about a run, as Markdown. */
export function page(setting: Setting, phases: Passed[], criteria: Criterion[]): string {
  const { command, date, capacity, load } = setting;
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `# Overload

What happens at three times the load that Holdfast can carry, and after it. Written by \`npm run overload\`; the run below was

    ${command}

on ${date}, on ${machine}, which also ran Kafka, Postgres, Redis and the load itself. The load average was ${load.toFixed(1)} when it
began: other work on the machine costs capacity.

![requests, latencies, unfinished sagas and memory, second by second](overload.svg)

Visitors look, charge, queue, hold a seat, queue again and pay. They arrive at a rate, however slow the answers are (an open
loop), and latencies count from when they meant to arrive. Who is refused tries the same again when it is his turn. One instance
of each service, with the default settings. It carried **${Math.round(capacity)} requests a second**: with 25% more it refused more than 1%, fell
behind by more than 5%, or had a p99 of payments above a second.

| | requests/s offered | accepted | refused | payments/s | p50 | p99 | payments' p99 |
| --- | --- | --- | --- | --- | --- | --- | --- |
${phases.map(row).join('\n')}

Times in ms, of what was accepted.

| | | saw |
| --- | --- | --- |
${criteria.map(({ name, holds, saw }) => `| ${holds ? '✔' : '✖'} | ${name} | ${saw} |`).join('\n')}
`;
}

function row(phase: Passed): string {
  const { name, samples, all, pay } = phase;
  const mean = (of: 'offered' | 'accepted' | 'paid'): string =>
    (samples.reduce((sum, sample) => sum + sample[of], 0) / samples.length).toFixed(0);
  const percentile = (p: number): number => all.getValueAtPercentile(p);
  const refused = `${Math.round(100 * refusedShare(phase))}%`;
  return `| ${name} | ${mean('offered')} | ${mean('accepted')} | ${refused} | ${mean('paid')} | ${percentile(50)} | ${percentile(99)} | ${pay.getValueAtPercentile(99)} |`;
}
