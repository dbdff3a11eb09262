import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { type CollectedSpan, startCollector, treeOf } from './support/collector.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** What the system tells of itself, at its real parts: its traces and metrics. */

/** The gateway's; the five services' follow. */
const metricsPort = 19_464;

let collector: Awaited<ReturnType<typeof startCollector>>;
let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  collector = await startCollector();
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  system = await startTestSystem('telemetry', {
    env: { ...telemetry, EXTERNAL_API_URL: `${collector.url}/external` },
    gatewayEnv: telemetry,
    metricsPort,
  });
  nextSeat = await system.seatSource();
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await collector?.stop();
});

/** The trace of a saga as a tree, once it is whole. */
async function expectTrace(sagaId: string, expected: string[]): Promise<void> {
  const { traceId } = await eventually(() => {
    const saga = collector.spans.find(({ attributes }) => attributes['holdfast.saga.id'] === sagaId);
    expect(saga).toBeDefined();
    return saga as CollectedSpan;
  });
  await eventually(() =>
    expect(treeOf(collector.spans.filter((span) => span.traceId === traceId))).toEqual(expected),
  );
}

/** A command's way there and back, and what else the participant says of it. */
const leg = (command: string, event?: string, answered = true): string[] => {
  const service = command.split('.')[0] as string;
  return [
    `        orchestrator: send ${service}.commands (${command})`,
    `          ${service}: process ${service}.commands (${command})`,
    `            ${service}: transaction ${service}`,
    ...(answered
      ? [
          `            ${service}: send saga.replies (${command})`,
          `              orchestrator: process saga.replies (${command})`,
          '                orchestrator: transaction orchestrator',
        ]
      : []),
    ...(event ? [`            ${service}: send ${service}.events (${event})`] : []),
  ];
};

const request = [
  'gateway: POST /v1/payments',
  '  gateway: POST orchestrator',
  '    orchestrator: POST /v1/payments',
  '      orchestrator: acquire lock',
  '      orchestrator: saga pay',
  '        orchestrator: transaction orchestrator',
];

test('a payment is one trace, from the request through every hop to every transaction and back', async () => {
  const user = await newUser(system.url);
  const { status, body } = await user.pay((await hold(user, nextSeat())).reservationId);
  expect(status).toBe(201);
  await expectTrace(body.sagaId, [
    ...request,
    ...leg('token.claim'),
    ...leg('reservation.load'),
    ...leg('balance.load'),
    ...leg('balance.deduct', 'balance.deducted'),
    ...leg('payment.create'),
    ...leg('reservation.confirm', 'reservation.paid'),
    ...leg('token.delete', 'token.deleted', false),
    '        orchestrator: send payment.events (payment.completed)',
    '          orchestrator: process payment.events (payment.completed)',
    '            orchestrator: POST',
    '        orchestrator: transaction orchestrator',
  ]);
});

test('so is one that fails, with its compensations', async () => {
  const user = await newUser(system.url);
  const held = await hold(user, nextSeat());
  const { status, body } = await user.pay(held.reservationId, { fault: 'payment.create=reject' });
  expect(status).toBe(503);
  await expectTrace(body.sagaId, [
    ...request,
    ...leg('token.claim'),
    ...leg('reservation.load'),
    ...leg('balance.load'),
    ...leg('balance.deduct', 'balance.deducted'),
    ...leg('payment.create'),
    ...leg('token.release'),
    ...leg('reservation.unmark'),
    ...leg('balance.refund', 'balance.refunded'),
    ...leg('reservation.revert'),
    '        orchestrator: transaction orchestrator',
  ]);
});

test('sagas that share batches are traces of their own', async () => {
  const users = await Promise.all(Array.from({ length: 12 }, () => newUser(system.url)));
  const holds = await Promise.all(users.map((user) => hold(user, nextSeat())));
  const sagaIds = holds.map(({ sagaId }) => sagaId);
  const sagas = await eventually(() => {
    const found = collector.spans.filter(({ attributes }) =>
      sagaIds.includes(String(attributes['holdfast.saga.id'])),
    );
    expect(found).toHaveLength(sagaIds.length);
    return found;
  });
  const traceIds = new Set(sagas.map(({ traceId }) => traceId));
  expect(traceIds.size).toBe(sagaIds.length);
  const shared = collector.spans.filter(
    ({ traceId, attributes }) => traceIds.has(traceId) && Number(attributes['db.operation.batch.size']) > 1,
  );
  expect(shared.length).toBeGreaterThan(0);
});

/** What all processes expose, by the metric's name. */
async function readMetrics(): Promise<Map<string, string[]>> {
  const texts = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const response = await fetch(
        `http://127.0.0.1:${metricsPort + i}/metrics`.replace(
          '127.0.0.1',
          i === 0 ? 'localhost' : '127.0.0.1',
        ),
      );
      expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
      return response.text();
    }),
  );
  const { writeFileSync } = await import('node:fs');
  writeFileSync('/tmp/tel-metrics.txt', texts.join('\n=====\n'));
  return new Map();
}

test('metrics', async () => {
  await readMetrics();
});
