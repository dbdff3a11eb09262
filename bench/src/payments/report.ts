import type { Measurement, Summary } from './measurement.ts';

const rounded = (value: number | undefined): string => {
  if (value === undefined) return '–';
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
};

/** One run, in a line. */
export function line(of: Measurement): string {
  const memory =
    of.memory.length > 0 ? `, ${of.memory[0]?.toFixed(0)}–${of.memory.at(-1)?.toFixed(0)} MiB` : '';
  return [
    `${of.contender}: ${rounded(of.perSecond)}/s, p50 ${rounded(of.fullP50)}, p99 ${rounded(of.fullP99)} ms`,
    `alone p50 ${rounded(of.aloneP50)} ms, half the load p99 ${rounded(of.halfP99)} ms`,
    `CPU ${rounded(of.cpuMs)} ms (generator ${rounded(of.generatorMs)})${memory}`,
    ...(of.kills > 0 ? [`${of.kills} kills`] : []),
    ...(Object.keys(of.again).length > 0 ? [`asked again: ${JSON.stringify(of.again)}`] : []),
    of.violations.length > 0 ? `✖ ${of.violations.join('; ')}` : 'all promises kept',
  ].join('; ');
}

/** The medians, as a table in Markdown. */
export function table(summaries: readonly Summary[]): string {
  const rows = summaries.map((of) =>
    [
      of.contender,
      rounded(of.perSecond),
      rounded(of.aloneP50),
      rounded(of.fullP50),
      rounded(of.fullP99),
      rounded(of.halfP99),
      rounded(of.cpuMs),
      `${rounded(of.memoryStart)} → ${rounded(of.memoryEnd)}`,
      of.violations.length === 0 ? 'kept' : `✖ ${of.violations.length}`,
    ].join(' | '),
  );
  return [
    '| | sagas/s | alone p50 | p50 | p99 | p99 at half the load | CPU ms/saga | memory MiB | promises |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
