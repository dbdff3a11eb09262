import { niceMax } from '../measure/nice-max.ts';
import { type ContenderName, contenderNames } from './contenders/contender.ts';
import type { Measurement, Summary } from './measurement.ts';
import { scenarioNames, scenarios } from './scenarios.ts';

const colours: Record<ContenderName, string> = {
  holdfast: '#188038',
  transaction: '#9aa0a6',
  dbos: '#1a73e8',
  restate: '#e37400',
};

const panels: { title: string; metric: 'perSecond' | 'aloneP50' | 'halfP99' | 'cpuMs' }[] = [
  { title: 'sagas a second, more is better', metric: 'perSecond' },
  { title: 'one at a time, p50 in ms, less is better', metric: 'aloneP50' },
  { title: 'p99 in ms at half of the full load', metric: 'halfP99' },
  { title: 'CPU in ms for each saga, all processes together', metric: 'cpuMs' },
];

const [width, height, left, gap, top] = [900, 150, 60, 58, 50];

/** Bars for each scenario and contender, and under them the memory over time. */
export function chart(summaries: readonly Summary[], measurements: readonly Measurement[]): string {
  const names = scenarioNames.filter((name) => summaries.some(({ scenario }) => scenario === name));
  const drawn = panels.map(({ title, metric }, i) => {
    const y = top + i * (height + gap);
    const max = niceMax(Math.max(...summaries.map((summary) => summary[metric] ?? 0)));
    return [...frame(title, y, max), ...bars(summaries, names, metric, y, max)].join('\n');
  });
  const bottom = top + panels.length * (height + gap);
  const legend = contenderNames.map(
    (name, i) =>
      `<text x="${left + i * 120}" y="20" fill="${colours[name]}" font-weight="bold">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + height + 40}" font-family="sans-serif" font-size="12" fill="#333">
<title>The same payment on Holdfast, in one transaction, on DBOS and on Restate</title>
<rect width="100%" height="100%" fill="#fff"/>
${[...legend, ...drawn, memory(measurements, bottom)].join('\n')}
</svg>
`;
}

function frame(title: string, y: number, max: number): string[] {
  const lines = [0, max / 2, max].map((value) => {
    const at = y + height - (value / max) * height;
    return `<path d="M${left} ${at}H${width - 10}" stroke="#ddd"/><text x="${left - 6}" y="${at + 4}" text-anchor="end">${value}</text>`;
  });
  return [`<text x="${left}" y="${y - 8}" font-weight="bold">${title}</text>`, ...lines];
}

function bars(
  summaries: readonly Summary[],
  names: readonly Summary['scenario'][],
  metric: (typeof panels)[number]['metric'],
  y: number,
  max: number,
): string[] {
  const groupWidth = (width - left - 10) / names.length;
  const barWidth = (groupWidth - 16) / contenderNames.length;
  return names.flatMap((scenario, group) => {
    const x = left + group * groupWidth;
    const own = contenderNames.flatMap((contender, i) => {
      const value = summaries.find((of) => of.scenario === scenario && of.contender === contender)?.[metric];
      if (value === undefined) return [];
      const bar = (value / max) * height;
      const at = x + 8 + i * barWidth;
      const label = value >= 100 ? value.toFixed(0) : value.toPrecision(2);
      return [
        `<rect x="${at.toFixed(1)}" y="${(y + height - bar).toFixed(1)}" width="${(barWidth - 2).toFixed(1)}" height="${bar.toFixed(1)}" fill="${colours[contender]}"/>`,
        `<text x="${(at + barWidth / 2 - 1).toFixed(1)}" y="${(y + height - bar - 3).toFixed(1)}" text-anchor="middle" font-size="10">${label}</text>`,
      ];
    });
    const title = scenarios[scenario].title;
    return [
      ...own,
      `<text x="${x + groupWidth / 2}" y="${y + height + 16}" text-anchor="middle">${title}</text>`,
    ];
  });
}

/** Of the last run of each contender in the first scenario that was run. */
function memory(measurements: readonly Measurement[], y: number): string {
  const first = measurements[0]?.scenario;
  const runs = contenderNames.flatMap(
    (name) => measurements.findLast((of) => of.contender === name && of.scenario === first) ?? [],
  );
  const max = niceMax(Math.max(1, ...runs.flatMap(({ memory }) => memory)));
  const longest = Math.max(2, ...runs.map(({ memory }) => memory.length));
  const lines = runs.map(({ contender, memory }) => {
    const points = memory.map((mib, i) => {
      const x = left + (i / (longest - 1)) * (width - left - 10);
      return `${x.toFixed(1)},${(y + height - (mib / max) * height).toFixed(1)}`;
    });
    return `<polyline fill="none" stroke="${colours[contender]}" stroke-width="1.5" points="${points.join(' ')}"/>`;
  });
  return [
    ...frame('memory in MiB, second by second under full load', y, max),
    ...lines,
    `<text x="${width - 10}" y="${y + height + 16}" text-anchor="end">${longest - 1} s</text>`,
  ].join('\n');
}
