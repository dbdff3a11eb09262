import { createServer } from 'node:http';
import type { Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import type { TelemetryConfig } from './config.ts';
import { registry } from './registry.ts';

/** The SDK is loaded only where traces go anywhere: each start would wait for it. */
async function startTracing(
  service: string,
  config: TelemetryConfig,
  log: Logger,
): Promise<{ stop: () => Promise<void> }> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return { stop: async () => undefined };
  const { exportTraces } = await import('./export.ts');
  return exportTraces(service, { endpoint, ratio: config.OTEL_TRACES_SAMPLER_ARG }, log);
}

/** Sends traces, and serves metrics on a port of their own, where either is configured. */
export async function startTelemetry(
  service: string,
  config: TelemetryConfig & { HOST: string },
  log: Logger,
): Promise<{ stop: () => Promise<void> }> {
  const tracing = await startTracing(service, config, log);
  const port = config.METRICS_PORT;
  if (port === undefined) return tracing;

  collectDefaultMetrics({ register: registry });
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return response.writeHead(404).end();
    try {
      const metrics = await registry.metrics();
      response.setHeader('content-type', registry.contentType).end(metrics);
    } catch (error) {
      log.warn({ err: error }, 'metrics not collected');
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, config.HOST, resolve);
  });
  return {
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await tracing.stop();
    },
  };
}
