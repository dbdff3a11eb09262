import type { CollectedSpan } from '@holdfast/shared/testing/collector';
import { median } from '../measure/median.ts';
import { niceMax } from '../measure/nice-max.ts';

/** Where the time of one payment goes, from the traces of many that were made one at a time. */

/** A span of a payment, in ms since the request came. */
export type Hop = { name: string; kind: Kind; startMs: number; endMs: number };

const kinds = {
  HTTP: '#5f6368',
  'lock in Redis': '#d93025',
  'transaction, with its commit': '#1a73e8',
  'sending to Kafka': '#e37400',
  'on its way in Kafka': '#f9ab00',
} as const;
type Kind = keyof typeof kinds;

/** The hops of each payment whose trace is complete, in the order in which they begin. */
export function hopsOf(spans: readonly CollectedSpan[]): Hop[][] {
  const traces = new Map<string, CollectedSpan[]>();
  for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  return [...traces.values()].flatMap((trace) => {
    const request = trace.find(({ service, name }) => service === 'gateway' && name === 'POST /v1/payments');
    if (!request || !trace.some(({ name }) => name === 'saga pay')) return [];
    return [hopsSince(request, trace)];
  });
}

function hopsSince(request: CollectedSpan, trace: readonly CollectedSpan[]): Hop[] {
  const since = (ns: bigint): number => Number(ns - request.startNs) / 1e6;
  const byId = new Map(trace.map((span) => [span.spanId, span]));
  const seen = new Map<string, number>();
  const hops = trace
    .toSorted((a, b) => Number(a.startNs - b.startNs))
    .flatMap((span): Hop[] => {
      const [startMs, endMs] = [since(span.startNs), since(span.endNs)];
      const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
      const type = String(
        span.attributes['cloudevents.event_type'] ?? parent?.attributes['cloudevents.event_type'] ?? '',
      );
      const named = (what: string, kind: Kind, from = startMs, to = endMs): Hop => {
        const name = `${what}${type && ` ${type}`}`;
        const times = (seen.get(name) ?? 0) + 1;
        seen.set(name, times);
        return { name: times > 1 ? `${name} (${times})` : name, kind, startMs: from, endMs: to };
      };
      if (span.name.startsWith('POST')) return [named(`${span.service}: request`, 'HTTP')];
      if (span.name === 'acquire lock') return [named('orchestrator: lock', 'lock in Redis')];
      if (span.name.startsWith('transaction'))
        return [named(`${span.service}: transaction`, 'transaction, with its commit')];
      if (span.name.startsWith('send')) return [named(`${span.service}: send`, 'sending to Kafka')];
      // Kafka has had it since its sender was told so, or a little earlier.
      if (span.name.startsWith('process') && parent?.name.startsWith('send'))
        return [
          named(
            `to ${span.service}:`,
            'on its way in Kafka',
            Math.min(since(parent.endNs), startMs),
            startMs,
          ),
        ];
      return [];
    });
  // What follows the answer is nobody's wait.
  const answeredMs = since(request.endNs);
  return hops.filter(({ startMs }) => startMs < answeredMs);
}

/** Each hop's median beginning and end over all payments that have it, of those that most of them have. */
export function medianHops(payments: readonly (readonly Hop[])[]): Hop[] {
  const byName = new Map<string, Hop[]>();
  for (const hop of payments.flat()) byName.set(hop.name, [...(byName.get(hop.name) ?? []), hop]);
  return [...byName.values()]
    .filter(({ length }) => length > payments.length / 2)
    .map((same) => ({
      ...(same[0] as Hop),
      startMs: median(same.map(({ startMs }) => startMs)) as number,
      endMs: median(same.map(({ endMs }) => endMs)) as number,
    }))
    .sort((a, b) => a.startMs - b.startMs);
}

/** ms of each kind in a payment, the median over payments; of HTTP all that is in none of the others. */
export function timeByKind(payments: readonly (readonly Hop[])[]): Record<Kind, number> {
  const of = (hops: readonly Hop[], kind: Kind): number => {
    const total = Math.max(...hops.filter((hop) => hop.kind === 'HTTP').map(({ endMs }) => endMs));
    const within = hops.filter((hop) => (kind === 'HTTP' ? hop.kind !== kind : hop.kind === kind));
    const covered = coveredMs(within.map(({ startMs, endMs }) => [startMs, Math.min(endMs, total)]));
    return kind === 'HTTP' ? total - covered : covered;
  };
  return Object.fromEntries(
    (Object.keys(kinds) as Kind[]).map((kind) => [kind, median(payments.map((hops) => of(hops, kind))) ?? 0]),
  ) as Record<Kind, number>;
}

/** The length of what at least one of these spans covers. */
function coveredMs(spans: readonly (readonly [from: number, to: number])[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}

const [width, left, row, top] = [900, 250, 15, 44];

/** Each hop a bar, below the one that began before. */
export function drawHops(hops: readonly Hop[]): string {
  const max = niceMax(Math.max(...hops.map(({ endMs }) => endMs)));
  const x = (ms: number): number => left + (ms / max) * (width - left - 50);
  const bottom = top + hops.length * row;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = x(part * max).toFixed(1);
    return `<path d="M${at} ${top - 4}V${bottom}" stroke="#ddd"/><text x="${at}" y="${bottom + 14}" text-anchor="middle">${part * max} ms</text>`;
  });
  const legend = Object.entries(kinds).map(
    ([kind, colour], i) =>
      `<text x="${10 + i * 175}" y="18" fill="${colour}" font-weight="bold">${kind}</text>`,
  );
  const bars = hops.map(({ name, kind, startMs, endMs }, i) => {
    const y = top + i * row;
    const length = Math.max(x(endMs) - x(startMs), 1);
    return [
      `<text x="${left - 6}" y="${y + 10}" text-anchor="end">${name}</text>`,
      `<rect x="${x(startMs).toFixed(1)}" y="${y + 1}" width="${length.toFixed(1)}" height="${row - 3}" fill="${kinds[kind]}"/>`,
      `<text x="${(x(endMs) + 4).toFixed(1)}" y="${y + 10}">${(endMs - startMs).toFixed(1)}</text>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 24}" font-family="sans-serif" font-size="10" fill="#333">
<title>The hops of one payment, when it is alone</title>
<rect width="100%" height="100%" fill="#fff"/>
${[...legend, ...ticks, ...bars].join('\n')}
</svg>
`;
}

export function hopsTable(payments: readonly (readonly Hop[])[]): string {
  const times = timeByKind(payments);
  return [
    '| where | ms |',
    '| --- | ---: |',
    ...Object.entries(times).map(
      ([kind, ms]) =>
        `| ${kind === 'HTTP' ? 'HTTP, deciding, and waiting for a core' : kind} | ${ms.toFixed(1)} |`,
    ),
  ].join('\n');
}
