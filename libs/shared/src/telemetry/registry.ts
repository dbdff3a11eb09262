import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  openMetricsContentType,
  Registry,
} from 'prom-client';
import { isSampled, traceFields } from './spans.ts';

/** What this process measures, as Prometheus reads it (OpenMetrics, which has exemplars). */
export const registry = new Registry<OpenMetricsContentType>();
registry.setContentType(openMetricsContentType);

type Labels = Readonly<Record<string, string | number>>;

export const counter = <Name extends string>(name: string, help: string, labelNames: Name[]) =>
  new Counter({ name, help, labelNames, registers: [registry] });

/** Of the semantic conventions, in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Durations in seconds; each is an example of its bucket where its trace is recorded. */
export function durations<Name extends string>(name: string, help: string, labelNames: Name[]) {
  const histogram = new Histogram({
    name,
    help,
    labelNames,
    buckets,
    enableExemplars: true,
    registers: [registry],
  });
  return (seconds: number, labels: Record<Name, string | number>, traceparent?: string): void =>
    histogram.observe({
      labels,
      value: seconds,
      // Not of the histogram's own labels, as its types have it.
      exemplarLabels: (isSampled(traceparent) ? traceFields(traceparent) : {}) as never,
    });
}

/** How long `work` takes, and by which error it fails, if it does. */
export async function timed<Result>(
  observe: (seconds: number, errorType: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const result = await work();
    observe((performance.now() - startedAt) / 1_000, '');
    return result;
  } catch (error) {
    observe((performance.now() - startedAt) / 1_000, error instanceof Error ? error.name : 'unknown');
    throw error;
  }
}

type Values = number | [Labels, number][];

/**
 * Gauges that are read when somebody asks for them, all at once. Where that fails they are absent: an old value would look
 * like a true one.
 *
 * @param gauges by name what each says, and its labels
 */
export function gauges<Name extends string>(
  gauges: Record<Name, { help: string; labels?: string[] }>,
  read: () => Promise<Partial<Record<Name, Values>>>,
): void {
  let reading: Promise<Partial<Record<Name, Values>>> | undefined;
  const readOnce = () => {
    reading ??= read()
      .catch(() => ({}))
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  for (const name in gauges) {
    const { help, labels = [] } = gauges[name];
    const gauge = new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect: async () => {
        const values = (await readOnce())[name] as Values | undefined;
        gauge.reset();
        if (typeof values === 'number') gauge.set(values);
        else if (values) for (const [of, value] of values) gauge.set(of, value);
        else if (labels.length === 0) gauge.remove();
      },
    });
  }
}
