import { fileURLToPath } from 'node:url';
import { readConfig } from '@holdfast/shared/config/config';
import { stopServing } from '@holdfast/shared/http/stop';
import { run } from '@holdfast/shared/process/lifecycle';
import { createLogger } from '@holdfast/shared/process/logger';
import { startTelemetry } from '@holdfast/shared/telemetry/start';
import { buildGateway } from './app.ts';
import { GatewayConfig } from './config.ts';
import { createUpstream } from './upstream.ts';

/** Where a site of this workspace is built to; the same from src and from dist. */
const builtSite = (name: string): string =>
  fileURLToPath(new URL(`../../${name}/dist/site`, import.meta.url));

run(async (onStop) => {
  const config = readConfig('gateway', GatewayConfig);
  const log = createLogger({ service: 'gateway', level: 'info' });
  const telemetry = await startTelemetry('gateway', config, log);
  onStop('telemetry', telemetry.stop);
  const app = buildGateway({
    upstreams: {
      orchestrator: createUpstream(config.ORCHESTRATOR_URL),
      reservation: createUpstream(config.RESERVATION_URL),
      payment: createUpstream(config.PAYMENT_URL),
      balance: createUpstream(config.BALANCE_URL),
      token: createUpstream(config.TOKEN_URL),
    },
    siteDirs: { buyer: builtSite('site'), console: builtSite('console') },
    maxInFlight: config.MAX_REQUESTS_IN_FLIGHT,
    trustProxy: config.TRUST_PROXY,
    logger: log,
  });
  onStop('http', () => stopServing(app, config.DRAIN_MS));
  await app.listen({ port: config.PORT, host: config.HOST });
});
