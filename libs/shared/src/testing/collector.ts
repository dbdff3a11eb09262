import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is looked at of a span, by OTLP's JSON. */
export type CollectedSpan = {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  startNs: bigint;
  endNs: bigint;
  attributes: Record<string, string | number | boolean>;
  failed: boolean;
  /** The traces that it is linked to. */
  links: string[];
};

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type Otlp = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes: Attribute[];
        status: { code?: number };
        links?: { traceId: string }[];
      }[];
    }[];
  }[];
};

/** An OpenTelemetry collector, as far as processes can tell that send it their spans; any other path takes everything. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.url === '/v1/traces') spans.push(...read(JSON.parse(body)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const read = ({ resourceSpans }: Otlp): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        service: String(valuesOf(resource.attributes)['service.name']),
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: valuesOf(span.attributes),
        failed: span.status.code === 2,
        links: (span.links ?? []).map(({ traceId }) => traceId),
      })),
    ),
  );

const valuesOf = (attributes: Attribute[]): CollectedSpan['attributes'] =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? '',
    ]),
  );

const typeOf = ({ attributes }: CollectedSpan): string => {
  const type = attributes['cloudevents.event_type'];
  return type === undefined ? '' : ` (${type})`;
};

/** A trace as lines of `service: span (type of the message)`, children below their parents in the order of their beginning. */
export function treeOf(spans: readonly CollectedSpan[]): string[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const inOrder = spans.toSorted((a, b) => Number(a.startNs - b.startNs));
  const below = (parent: string | undefined, depth: number): string[] =>
    inOrder
      .filter(({ parentSpanId }) =>
        parent === undefined ? !parentSpanId || !known.has(parentSpanId) : parentSpanId === parent,
      )
      .flatMap((span) => [
        `${'  '.repeat(depth)}${span.service}: ${span.name}${typeOf(span)}`,
        ...below(span.spanId, depth + 1),
      ]);
  return below(undefined, 0);
}
