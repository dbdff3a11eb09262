import { drainMs, trustProxy } from '@holdfast/shared/config/common';
import { telemetryProperties } from '@holdfast/shared/telemetry/config';
import Type, { type Static } from 'typebox';

const upstreams = (service: string) =>
  Type.Array(Type.String({ format: 'uri' }), {
    minItems: 1,
    description: `base URLs of the ${service} service's instances, comma-separated`,
  });

export const GatewayConfig = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: 'TCP port to listen on' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  DRAIN_MS: drainMs,
  MAX_REQUESTS_IN_FLIGHT: Type.Integer({
    default: 4_000,
    minimum: 1,
    description: 'requests under way at once; more get 503',
  }),
  TRUST_PROXY: trustProxy,
  ORCHESTRATOR_URL: upstreams('orchestrator'),
  RESERVATION_URL: upstreams('reservation'),
  PAYMENT_URL: upstreams('payment'),
  BALANCE_URL: upstreams('balance'),
  TOKEN_URL: upstreams('token'),
  ...telemetryProperties,
});
export type GatewayConfig = Static<typeof GatewayConfig>;
