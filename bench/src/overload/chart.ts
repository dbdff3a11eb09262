import { niceMax } from '../measure/nice-max.ts';
import type { Second } from '../measure/series.ts';

type Line = { label: string; colour: string; of: (second: Second) => number };

const panels: { title: string; lines: Line[] }[] = [
  {
    title: 'requests/s',
    lines: [
      { label: 'offered', colour: '#9aa0a6', of: ({ offered }) => offered },
      { label: 'accepted', colour: '#188038', of: ({ accepted }) => accepted },
      { label: 'refused', colour: '#c5221f', of: ({ refused }) => refused },
    ],
  },
  {
    title: 'latency of accepted requests, ms',
    lines: [
      { label: 'p50', colour: '#1a73e8', of: ({ p50 }) => p50 },
      { label: 'p99', colour: '#8430ce', of: ({ p99 }) => p99 },
    ],
  },
  {
    title: 'sagas without an end',
    lines: [{ label: 'unfinished', colour: '#e37400', of: ({ unfinishedSagas }) => unfinishedSagas }],
  },
  {
    title: 'memory, MiB',
    lines: ['gateway', 'orchestrator', 'reservation', 'payment', 'balance', 'token'].map((name, i) => ({
      label: name,
      colour: `hsl(${i * 55} 60% 42%)`,
      of: ({ memory }) => memory[name] ?? 0,
    })),
  },
];

const [width, height, left, gap] = [900, 150, 60, 46];

/** The run as an SVG: time to the right, a panel for each quantity, a shade for the overload. */
export function chart(samples: Second[]): string {
  const last = samples.at(-1)?.at ?? 1;
  const x = (at: number): number => left + (at / last) * (width - left - 10);
  const over = samples.filter(({ phase }) => phase === 'overload').map(({ at }) => at);
  const [from, to] = [x(over[0] ?? 0), x(over.at(-1) ?? 0)];

  const drawn = panels.map(({ title, lines }, i) => {
    const top = 24 + i * (height + gap);
    const bottom = top + height;
    const max = niceMax(Math.max(...samples.flatMap((sample) => lines.map(({ of }) => of(sample)))));
    const y = (value: number): number => bottom - (value / max) * height;
    const legend = lines.map(
      ({ label, colour }, n) =>
        `<text x="${left + 250 + n * 105}" y="${top - 6}" fill="${colour}">${label}</text>`,
    );
    const curves = lines.map(({ colour, of }) => {
      const points = samples.map((sample) => `${x(sample.at).toFixed(1)},${y(of(sample)).toFixed(1)}`);
      return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(' ')}"/>`;
    });
    return [
      `<rect x="${from.toFixed(1)}" y="${top}" width="${(to - from).toFixed(1)}" height="${height}" fill="#fce8e6"/>`,
      `<text x="${left}" y="${top - 6}" font-weight="bold">${title}</text>`,
      ...legend,
      ...[0, max / 2, max].map(
        (value) =>
          `<path d="M${left} ${y(value)}H${width - 10}" stroke="#ddd"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
      ),
      ...curves,
    ].join('\n');
  });

  const bottom = 24 + panels.length * (height + gap);
  const seconds = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * last));
  const axis = seconds.map(
    (at) => `<text x="${x(at)}" y="${bottom - gap + 18}" text-anchor="middle">${at} s</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom}" font-family="sans-serif" font-size="12" fill="#333">
<title>Three times the load that can be carried, and after it, second by second</title>
<rect width="100%" height="100%" fill="#fff"/>
${[...drawn, ...axis].join('\n')}
</svg>
`;
}
