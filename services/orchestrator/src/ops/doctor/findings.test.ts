import type { LedgerCheck } from '@holdfast/shared/contracts/operations';
import { topicPlans } from '@holdfast/shared/messaging/topics';
import { expect, test } from '@jest/globals';
import type { Overview } from '../overview/shapes.ts';
import {
  clockFinding,
  externalApiFindings,
  lagFindings,
  ledgerFinding,
  outboxFinding,
  sagaFindings,
  topicFindings,
} from './findings.ts';

const topics = topicPlans.map((plan) => ({ plan, partitions: plan.partitions, config: { ...plan.config } }));

test('topics as they should be are one finding', () => {
  expect(topicFindings(topics)).toEqual([
    { area: 'kafka', check: 'topics', status: 'ok', detail: `${topicPlans.length} topics as they should be` },
  ]);
});

test('a topic that is missing, has other partitions or another setting is a finding of its own', () => {
  const [missing, split, small, ...fine] = topics;
  const found = topicFindings([
    { plan: (missing as typeof split & object).plan, config: {} },
    { ...(split as NonNullable<typeof split>), partitions: 9 },
    { ...(small as NonNullable<typeof small>), config: { ...small?.config, 'max.message.bytes': '1' } },
    ...fine,
  ]);
  expect(found.map(({ status, detail }) => [status, detail])).toEqual([
    ['failed', 'missing'],
    ['failed', `9 partitions instead of ${split?.plan.partitions}`],
    ['warning', `max.message.bytes is 1 instead of ${small?.plan.config['max.message.bytes']}`],
  ]);
  for (const { advice } of found) expect(advice).toEqual(expect.any(String));
});

const ledgerCheck = (
  unbalanced: number,
  ended: Pick<LedgerCheck, 'endedAt'> = { endedAt: '' },
): LedgerCheck => ({
  checkId: 1,
  full: false,
  startedAt: '',
  ...ended,
  accounts: 3,
  entries: 5,
  unbalanced,
  findings: [],
  totals: [],
});

test('whatever is not in order comes with an advice', () => {
  const overview = {
    sagas: { inFlight: 3, overdue: 2, parked: 1 },
    deadLetters: { open: 4 },
    replays: { running: 0 },
  } as Overview;
  const bad = [
    ...sagaFindings(overview),
    ...lagFindings([{ group: 'balance', topic: 'balance.commands', lag: 10_001 }]),
    ...externalApiFindings({
      externalApi: { breaker: 'open', since: '2026-11-25T00:00:00.000Z', lastFailure: 'it answered 503' },
    }),
    outboxFinding('token', { waiting: 1, oldestMs: 6_000 }),
    outboxFinding('token', { waiting: 1, oldestMs: 61_000 }),
    clockFinding('clock:redis', -1_500),
    clockFinding('clock:redis', 20_000),
    ledgerFinding({ overdue: true, checks: [] }),
    ledgerFinding({ overdue: true, checks: [ledgerCheck(0)] }),
    ledgerFinding({ overdue: false, checks: [ledgerCheck(0, {}), ledgerCheck(1)] }),
  ];
  expect(bad.map(({ status }) => status)).toEqual([
    ...['warning', 'warning', 'warning', 'warning', 'warning'],
    ...['warning', 'failed', 'warning', 'failed'],
    ...['warning', 'warning', 'failed'],
  ]);
  for (const { advice } of bad) expect(advice).toEqual(expect.any(String));

  const good = [
    ...sagaFindings({
      ...overview,
      sagas: { ...overview.sagas, overdue: 0, parked: 0 },
      deadLetters: { ...overview.deadLetters, open: 0 },
    }),
    ...lagFindings([{ group: 'balance', topic: 'balance.commands', lag: 10 }]),
    ...externalApiFindings({ externalApi: { breaker: 'closed', since: '2026-11-25T00:00:00.000Z' } }),
    outboxFinding('token', { waiting: 0, oldestMs: 0 }),
    clockFinding('clock:redis', 12.3),
    ledgerFinding({ overdue: false, checks: [] }),
    ledgerFinding({ overdue: false, checks: [ledgerCheck(0), ledgerCheck(1)] }),
  ];
  for (const finding of good) {
    expect(finding.status).toBe('ok');
    expect(finding).not.toHaveProperty('advice');
  }
});
