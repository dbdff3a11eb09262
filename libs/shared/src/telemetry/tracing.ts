import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { v4 as uuidv4 } from 'uuid';
import type { TelemetryConfig } from './config.ts';
import { endSpan, isSampled, type SpanOptions, startSpan } from './spans.ts';

/**
 * Sends this process's spans to a collector, if one is configured: a few thousand at most wait to be sent, and what is
 * more is dropped, so that a collector that is away costs nothing but its traces.
 */
export function startTracing(
  service: string,
  config: TelemetryConfig,
  log: Logger,
): { stop: () => Promise<void> } {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return { stop: async () => undefined };
  diag.setLogger(
    {
      error: (message) => log.warn(`telemetry: ${message}`),
      warn: (message) => log.warn(`telemetry: ${message}`),
      info: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
    },
    DiagLogLevel.WARN,
  );
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'holdfast',
      'service.name': service,
      'service.instance.id': uuidv4(),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown() };
}

const random = new RandomIdGenerator();
let nextSpanId: string | undefined;
const ids: IdGenerator = {
  generateTraceId: random.generateTraceId,
  generateSpanId: () => nextSpanId ?? random.generateSpanId(),
};

/**
 * Records a span that is over, under an id that was known before it began: others have named it as their parent, whichever
 * instance they ran on.
 */
export function recordSpan(
  name: string,
  parent: string | undefined,
  { spanId, error, ...options }: SpanOptions & { spanId: string; error?: string | undefined },
): void {
  if (!isSampled(parent)) return;
  nextSpanId = spanId;
  const span = startSpan(name, parent, options);
  nextSpanId = undefined;
  endSpan(span, error);
}
