import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CollectedSpan, startCollector, treeOf } from '@holdfast/shared/testing/collector';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** What the system tells of itself, at its real parts: its traces, metrics and logs. */

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
    env: {
      ...telemetry,
      LOG_LEVEL: 'debug',
      EXTERNAL_API_URL: `${collector.url}/external`,
      // What is sent again because the machine was busy would be in the traces.
      SAGA_STEP_TIMEOUT_MS: '9000',
      SAGA_UNDO_TIMEOUT_MS: '9000',
    },
    gatewayEnv: telemetry,
    metricsPort,
  });
  nextSeat = await system.seatSource();
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await collector?.stop();
});

function sagaSpan(sagaId: string): CollectedSpan {
  const saga = collector.spans.find(({ attributes }) => attributes['holdfast.saga.id'] === sagaId);
  expect(saga).toBeDefined();
  return saga as CollectedSpan;
}

/** The trace of a saga as a tree, once it is whole. */
async function expectTrace(sagaId: string, expected: string[]): Promise<void> {
  const { traceId } = await eventually(() => sagaSpan(sagaId));
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

test('a stranger does not say what is recorded, but is known', async () => {
  const theirs = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { traceparent: `00-${theirs}-00f067aa0ba902b7-01` };
  await fetch(`${system.url}/v1/concerts`, { headers });
  const linked = await eventually(() => {
    const span = collector.spans.find(({ links }) => links.includes(theirs));
    expect(span).toBeDefined();
    return span as CollectedSpan;
  });
  expect(linked).toMatchObject({ service: 'gateway', name: 'GET /v1/concerts', parentSpanId: undefined });
  expect(collector.spans.some(({ traceId }) => traceId === theirs)).toBe(false);
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
  // Each process sends its spans in its own time.
  await eventually(() => {
    const shared = collector.spans.filter(
      ({ traceId, attributes }) => traceIds.has(traceId) && Number(attributes['db.operation.batch.size']) > 1,
    );
    expect(shared.length).toBeGreaterThan(0);
  });
});

/** What all processes expose, as text. */
async function readMetrics(): Promise<string> {
  const texts = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      // The gateway listens where it is told to, on localhost.
      const response = await fetch(
        `http://${i === 0 ? 'localhost' : '127.0.0.1'}:${metricsPort + i}/metrics`,
      );
      expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
      const text = await response.text();
      expect(text.endsWith('# EOF\n')).toBe(true);
      return text;
    }),
  );
  return texts.join('');
}

/** The names of metrics, and those of what Prometheus makes of each. */
function namesIn(metrics: string) {
  const types = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const own = new Set(types.map(([, name, type]) => (type === 'counter' ? `${name}_total` : `${name}`)));
  const series = types.flatMap(([, name, type]) =>
    type === 'counter'
      ? [`${name}_total`]
      : type === 'histogram'
        ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix)
        : [`${name}`],
  );
  return { own, series: new Set(series) };
}

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const ofHistogram = /_(bucket|sum|count)$/;

/** The labels of each metric, as the documentation has them. */
const documented = new Map(
  [...read('docs/telemetry.md').matchAll(/^\| `([a-z_]+)` \| \w+ \| (.*?) \|/gm)].map(
    ([, name = '', labels = '']) => [name, [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)],
  ),
);
const labelsOf = (series: string) =>
  documented.get(series) ?? documented.get(series.replace(ofHistogram, '')) ?? [];

test('what is measured is what the documentation lists', async () => {
  const metrics = await readMetrics();
  const measured = [...namesIn(metrics).own].filter((name) => !/^(nodejs|process)_/.test(name));
  expect(measured.sort()).toEqual([...documented.keys()].sort());
  const labelled = [...metrics.matchAll(/^((?:holdfast|http|messaging|db)_\w+)\{(.*?)\} /gm)];
  expect(labelled.length).toBeGreaterThan(100);
  for (const [, series = '', labels = ''] of labelled) {
    const found = [...labels.matchAll(/(\w+)="/g)].flatMap(([, label]) => (label === 'le' ? [] : label));
    expect([series, found.sort()]).toEqual([series, labelsOf(series).toSorted()]);
  }
});

/** Prometheus' own, and what its configuration calls a target. */
const targets = ['le', 'job', 'instance', 'service'];

test('dashboards and alerts ask for nothing that is not measured', async () => {
  const { series } = namesIn(await readMetrics());
  const expressions = [
    ...[...read('deploy/observability/grafana/dashboards/holdfast.json').matchAll(/"expr": "(.*)"/g)].map(
      ([, expr]) => JSON.parse(`"${expr}"`) as string,
    ),
    ...read('deploy/observability/alerts.yml')
      .split(/^ +- alert: /m)
      .slice(1)
      .map((alert) => alert.replace(/\n +(labels|for):.*$/s, '')),
  ];
  expect(expressions.length).toBeGreaterThan(40);
  const asked = new Set<string>();
  for (const expr of expressions) {
    const plain = expr.replace(/\{[^}]*\}/g, '').replace(/\b(by|without) *\([^)]*\)/g, '');
    const names: string[] = plain.match(/\b(holdfast|http|messaging|db|nodejs|process)_\w+/g) ?? [];
    for (const name of names) asked.add(name);
    for (const [, name = '', matchers = ''] of expr.matchAll(/(\w+)\{([^}]*)\}/g))
      for (const [, label] of matchers.matchAll(/(\w+) *[=!]/g))
        expect([expr, [...labelsOf(name), ...targets]]).toEqual([expr, expect.arrayContaining([label])]);
    for (const [, by = ''] of expr.matchAll(/\bby *\(([^)]*)\)/g))
      for (const label of by.split(/, */))
        expect([expr, [...names.flatMap(labelsOf), ...targets]]).toEqual([
          expr,
          expect.arrayContaining([label]),
        ]);
  }
  expect(asked.size).toBeGreaterThan(20);
  for (const name of asked) expect(series).toContain(name);
});

test('the runbook says what to do about each alert, and each has been played through', () => {
  const alerts = [...read('deploy/observability/alerts.yml').matchAll(/- alert: (\w+)/g)].map(
    ([, name]) => name,
  );
  const rows = [...read('docs/runbook.md').matchAll(/^\| `([A-Z][A-Za-z]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(alerts);
  const played = read('deploy/observability/alerts.test.yml').matchAll(/alertname: (\w+)\n +exp_alerts:/g);
  expect([...played].map(([, name]) => name).sort()).toEqual(alerts.toSorted());
});

test('a duration leads to the trace of which it is an example', async () => {
  const user = await newUser(system.url);
  const { body } = await user.pay((await hold(user, nextSeat())).reservationId);
  const saga = await eventually(() => sagaSpan(body.sagaId));
  const metrics = await readMetrics();
  for (const name of ['holdfast_saga_duration_seconds', 'holdfast_saga_step_duration_seconds'])
    expect(metrics).toMatch(
      new RegExp(`^${name}_bucket\\{.*type="pay".*\\} \\d+ # \\{trace_id="${saga.traceId}"`, 'm'),
    );
});

test('a payment leaves nothing personal in the logs, and is found there by its trace', async () => {
  const name = 'Hong Gildong';
  const made = await call(system.url, 'POST', '/v1/dev/users', { body: { name } });
  const user = await newUser(system.url);
  const held = await hold(user, nextSeat());
  const queueToken = await user.queue({ reservationId: held.reservationId });
  const failed = await user.pay(held.reservationId, { queueToken, fault: 'payment.create=reject' });
  const { traceId } = await eventually(() => sagaSpan(failed.body.sagaId));
  const readLogs = () =>
    [system.gateway, ...Object.values(system.services).flat()]
      .map(({ logFile }) => readFileSync(logFile, 'utf8'))
      .join('');
  // What a process has answered it writes down afterwards.
  const logs = await eventually(() => {
    const logs = readLogs();
    const messages = logs.split('\n').filter((line) => line.includes(traceId));
    for (const message of ['"msg":"answered"', '"msg":"saga ended"'])
      expect(messages).toContainEqual(expect.stringContaining(message));
    return logs;
  });
  const secrets = [name, made.body.userId, user.userId, user.accessToken, queueToken];
  const hash = createHash('sha256').update(queueToken).digest('hex');
  for (const secret of [...secrets, hash]) expect(logs).not.toContain(secret);
  const lines = logs.split('\n').filter((line) => line.includes(traceId));
  const answered = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'answered');
  expect(answered).toMatchObject({ method: 'POST', route: '/v1/payments', status: 503, trace_id: traceId });
  const ended = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'saga ended');
  expect(ended).toMatchObject({ sagaId: failed.body.sagaId, outcome: 'COMPENSATED' });
});
