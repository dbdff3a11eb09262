import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { chart } from './chart.ts';
import type { Measurement, Summary } from './measurement.ts';
import { scenarioNames, scenarios } from './scenarios.ts';

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
    Object.entries(of.cpuMsBy)
      .map(([name, ms]) => `${name} ${rounded(ms)}`)
      .join(', '),
    ...(of.kills > 0 ? [`${of.kills} kills`] : []),
    ...(Object.keys(of.again).length > 0 ? [`asked again: ${JSON.stringify(of.again)}`] : []),
    of.violations.length > 0 ? `✖ ${of.violations.join('; ')}` : 'all promises kept',
  ].join('; ');
}

const columns: [title: string, of: (summary: Summary) => string][] = [
  ['', ({ contender }) => contender],
  ['sagas/s', ({ perSecond }) => rounded(perSecond)],
  ['alone, p50', ({ aloneP50 }) => rounded(aloneP50)],
  ['p50', ({ fullP50 }) => rounded(fullP50)],
  ['p99', ({ fullP99 }) => rounded(fullP99)],
  ['p99 at half of it', ({ halfP99 }) => rounded(halfP99)],
  ['CPU', ({ cpuMs }) => rounded(cpuMs)],
  ["generator's CPU", ({ generatorMs }) => rounded(generatorMs)],
  [
    'MiB',
    ({ memoryStart, memoryEnd }) => `${memoryStart?.toFixed(0) ?? '–'} → ${memoryEnd?.toFixed(0) ?? '–'}`,
  ],
  ['promises', ({ violations }) => (violations.length === 0 ? 'kept' : `✖ ${violations.join('; ')}`)],
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The medians, scenario by scenario, in Markdown. */
export function tables(summaries: readonly Summary[]): string {
  const ofScenario = (name: Summary['scenario']): string[] => {
    const own = summaries.filter(({ scenario }) => scenario === name);
    if (own.length === 0) return [];
    return [
      `**${scenarios[name].title}.** ${scenarios[name].about}`,
      '',
      row(columns.map(([title]) => title)),
      row(columns.map((_, i) => (i === 0 || i === columns.length - 1 ? '---' : '---:'))),
      ...own.map((summary) => row(columns.map(([, of]) => of(summary)))),
      '',
    ];
  };
  return scenarioNames.flatMap(ofScenario).join('\n').trimEnd();
}

export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;

/** When, where and beside what it was measured. */
export const setting = (command: string, load = loadavg()[0] as number): string =>
  `\`${command}\` on ${new Date().toISOString().slice(0, 10)}, on ${machine()}; the load average was ${load.toFixed(1)} when it began.`;

export function writeMeasured(
  docs: string,
  settingLine: string,
  summaries: readonly Summary[],
  measurements: readonly Measurement[],
): void {
  writeFileSync(join(docs, 'performance.svg'), chart(summaries, measurements));
  const picture = '![Sagas a second, latencies, CPU and memory of each contender](performance.svg)';
  const units = 'Times in ms, medians of the rounds; CPU for each saga.';
  writeSection(docs, 'measured', [settingLine, picture, units, tables(summaries)].join('\n\n'));
}

export function writeHops(docs: string, settingLine: string, table: string, picture: string): void {
  writeFileSync(join(docs, 'performance-hops.svg'), picture);
  writeSection(
    docs,
    'hops',
    [settingLine, '![The hops of one payment](performance-hops.svg)', table].join('\n\n'),
  );
}

/** Replaces what a command has measured before; the words around it stay. */
export function writeSection(docs: string, name: 'measured' | 'cost' | 'hops', text: string): void {
  const file = join(docs, 'performance.md');
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '# Performance\n';
  writeFileSync(file, withSection(page, name, text));
}

export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${begin}\n${text}\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  return from < 0 || to < 0
    ? `${page.trimEnd()}\n\n${section}\n`
    : page.slice(0, from) + section + page.slice(to + end.length);
}

/** What each part held after so many sagas, MiB, in Markdown. */
export function memoryTable(seen: readonly { sagas: number; mib: Record<string, number> }[]): string {
  const names = Object.keys(seen[0]?.mib ?? {});
  return [
    row(['sagas', ...names, 'all']),
    row(['---:', ...names.map(() => '---:'), '---:']),
    ...seen.map(({ sagas, mib }) => {
      const each = names.map((name) => mib[name] ?? 0);
      return row([
        String(sagas),
        ...[...each, each.reduce((sum, one) => sum + one, 0)].map((one) => one.toFixed(0)),
      ]);
    }),
  ].join('\n');
}
