import type { CollectedSpan } from '@holdfast/shared/testing/collector';
import { describe, expect, test } from '@jest/globals';
import { drawHops, hopsOf, medianHops, timeByKind } from './hops.ts';

/** A trace of one command, there and back; `slower` ms are lost in Kafka. */
function trace(traceId: string, slower = 0): CollectedSpan[] {
  const span = (
    spanId: string,
    parentSpanId: string | undefined,
    service: string,
    name: string,
    [from, to]: [number, number],
    type?: string,
  ): CollectedSpan => ({
    ...{ service, name, traceId, spanId, parentSpanId, failed: false, links: [] },
    startNs: BigInt(Math.round((1_000 + from) * 1e6)),
    endNs: BigInt(Math.round((1_000 + to) * 1e6)),
    attributes: type ? { 'cloudevents.event_type': type } : {},
  });
  return [
    span('a', undefined, 'gateway', 'POST /v1/payments', [0, 20 + slower]),
    span('b', 'a', 'orchestrator', 'POST /v1/payments', [1, 19 + slower]),
    span('c', 'b', 'orchestrator', 'acquire lock', [2, 3]),
    span('d', 'b', 'orchestrator', 'saga pay', [3, 18 + slower]),
    span('e', 'd', 'orchestrator', 'transaction orchestrator', [3, 5]),
    span('f', 'd', 'orchestrator', 'send token.commands', [5, 7], 'token.claim'),
    span('g', 'f', 'token', 'process token.commands', [8 + slower, 12 + slower], 'token.claim'),
    span('h', 'g', 'token', 'transaction token', [9 + slower, 11 + slower]),
    span('i', 'd', 'orchestrator', 'send token.commands', [30 + slower, 31 + slower], 'token.delete'),
  ];
}

describe('the hops of payments', () => {
  const payments = hopsOf([
    ...trace('1'),
    ...trace('2', 4),
    ...trace('3', 2),
    ...trace('cut off').slice(0, 3),
  ]);

  test('are those of each complete trace, until its answer', () => {
    expect(payments).toHaveLength(3);
    expect(payments[0]).toContainEqual({
      name: 'to token: token.claim',
      kind: 'on its way in Kafka',
      startMs: 7,
      endMs: 8,
    });
    expect(payments.flat().filter(({ name }) => name.includes('token.delete'))).toEqual([]);
  });

  test('have medians, and times by kind that add up to the whole', () => {
    const [, , , , , way] = medianHops(payments);
    expect(way).toMatchObject({ name: 'to token: token.claim', startMs: 7, endMs: 10 });
    const times = timeByKind(payments);
    expect(times).toEqual({
      HTTP: 12,
      'lock in Redis': 1,
      'transaction, with its commit': 4,
      'sending to Kafka': 2,
      'on its way in Kafka': 3,
    });
    expect(Object.values(times).reduce((sum, ms) => sum + ms)).toBe(22);
  });

  test('are drawn in their order', () => {
    const picture = drawHops(medianHops(payments));
    expect(picture.indexOf('orchestrator: lock')).toBeLessThan(picture.indexOf('to token: token.claim'));
  });
});
