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
import { givenSpanId } from './spans.ts';

/**
 * Sends this process's spans to a collector: a few thousand at most wait to be sent, and what is
 * more is dropped, so that a collector that is away costs nothing but its traces.
 */
export function exportTraces(
  service: string,
  { endpoint, ratio }: { endpoint: string; ratio: number },
  log: Logger,
): { stop: () => Promise<void> } {
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
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown() };
}

const random = new RandomIdGenerator();
const ids: IdGenerator = {
  generateTraceId: random.generateTraceId,
  generateSpanId: () => givenSpanId() ?? random.generateSpanId(),
};
