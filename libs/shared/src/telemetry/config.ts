import Type, { type Static } from 'typebox';

/** What every process takes, services and gateway. The exporter's other standard variables (OTEL_EXPORTER_OTLP_HEADERS, OTEL_BSP_…) work as well. */
export const telemetryProperties = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      format: 'uri',
      description: 'where traces are sent, by OTLP over HTTP, as http://localhost:4318; unset: nowhere',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 0.01,
    minimum: 0,
    maximum: 1,
    description: 'the part of traces that is recorded; whoever is asked by another does as that one does',
  }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'TCP port of GET /metrics, which the gateway does not lead to; unset: none',
    }),
  ),
};

const Telemetry = Type.Object(telemetryProperties);
export type TelemetryConfig = Static<typeof Telemetry>;
