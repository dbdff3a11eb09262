import type { LedgerChecks } from '@holdfast/shared/contracts/operations';
import type { TopicState } from '@holdfast/shared/messaging/inspect';
import type { Overview } from '../overview/shapes.ts';
import type { Finding } from './shapes.ts';

/** What to make of what was seen: pure, so that every advice has its test. */

/** One finding where all is well, otherwise one for each topic that isn't as it should be. */
export function topicFindings(topics: readonly TopicState[]): Finding[] {
  const wrong = topics.flatMap((state): Finding[] => {
    const finding = topicFinding(state);
    return finding ? [finding] : [];
  });
  if (wrong.length > 0) return wrong;
  return [
    { area: 'kafka', check: 'topics', status: 'ok', detail: `${topics.length} topics as they should be` },
  ];
}

function topicFinding({ plan, partitions, config }: TopicState): Finding | undefined {
  const check = `topic:${plan.topic}`;
  if (partitions === undefined)
    return {
      area: 'kafka',
      check,
      status: 'failed',
      detail: 'missing',
      advice: 'Restart a service: each makes the topics that are missing.',
    };
  if (partitions !== plan.partitions)
    return {
      area: 'kafka',
      check,
      status: 'failed',
      detail: `${partitions} partitions instead of ${plan.partitions}`,
      advice: 'A key has moved to another partition: commands of one saga can overtake each other.',
    };
  const different = Object.entries(plan.config).filter(([name, value]) => config[name] !== value);
  if (different.length === 0) return undefined;
  return {
    area: 'kafka',
    check,
    status: 'warning',
    detail: different.map(([name, value]) => `${name} is ${config[name]} instead of ${value}`).join(', '),
    advice: 'Set it by kafka-configs.sh --alter.',
  };
}

const muchLag = 10_000;

export const lagFindings = (lags: Overview['lag']): Finding[] =>
  lags.map(({ group, topic, lag }) => ({
    area: 'kafka',
    check: `lag:${group}:${topic}`,
    status: lag > muchLag ? 'warning' : 'ok',
    detail: `${lag} messages`,
    ...(lag > muchLag && {
      advice: `See whether ${group} is ready, and what its log says; or start another.`,
    }),
  }));

export function sagaFindings({ sagas, deadLetters, replays }: Overview): Finding[] {
  const { inFlight, overdue, parked } = sagas;
  return [
    {
      area: 'sagas',
      check: 'sagas:overdue',
      status: overdue > 0 ? 'warning' : 'ok',
      detail: `${overdue} of ${inFlight} in flight`,
      ...(overdue > 0 && { advice: 'No orchestrator sweeps: is one ready?' }),
    },
    {
      area: 'sagas',
      check: 'sagas:parked',
      status: parked > 0 ? 'warning' : 'ok',
      detail: `${parked} parked`,
      ...(parked > 0 && { advice: 'Each keeps its seat: npx holdfast saga ls --status PARKED' }),
    },
    {
      area: 'dead-letters',
      check: 'dead-letters:open',
      status: deadLetters.open > 0 ? 'warning' : 'ok',
      detail: `${deadLetters.open} open, ${replays.running} replays running`,
      ...(deadLetters.open > 0 && { advice: 'By their error: npx holdfast dlq ls' }),
    },
  ];
}

/** None where nobody is told. */
export function externalApiFindings({ externalApi }: Pick<Overview, 'externalApi'>): Finding[] {
  if (!externalApi) return [];
  const { breaker, since, lastFailure } = externalApi;
  const away = breaker !== 'closed';
  return [
    {
      area: 'external-api',
      check: 'external-api',
      status: away ? 'warning' : 'ok',
      detail: away ? `away since ${since}: ${lastFailure}` : `told since ${since}`,
      ...(away && { advice: 'Nothing is lost: events wait for it. Ask who runs it.' }),
    },
  ];
}

export function outboxFinding(service: string, outbox: { waiting: number; oldestMs: number }): Finding {
  const { waiting, oldestMs } = outbox;
  const late = oldestMs > 5_000;
  return {
    area: 'outbox',
    check: `outbox:${service}`,
    status: oldestMs > 60_000 ? 'failed' : late ? 'warning' : 'ok',
    detail:
      waiting === 0 ? 'empty' : `${waiting} waiting, the oldest for ${Math.round(oldestMs / 100) / 10} s`,
    ...(late && { advice: `Nothing is lost, but it is late: see the log of ${service}, and Kafka.` }),
  };
}

/** What the last check of the ledger that has ended came to. */
export function ledgerFinding({ overdue, checks }: LedgerChecks): Finding {
  const last = checks.find(({ endedAt }) => endedAt !== undefined);
  const finding = { area: 'ledger', check: 'ledger' } as const;
  if (last && last.unbalanced > 0)
    return {
      ...finding,
      status: 'failed',
      detail: `${last.unbalanced} of ${last.accounts} accounts are not what their entries make them, by the check of ${last.endedAt}`,
      advice: "Whose: npx holdfast ledger ls. Then see the runbook: when the ledger doesn't sum up.",
    };
  const seen = last
    ? `${last.accounts} accounts sum up, by the check of ${last.endedAt}`
    : 'it has not been checked yet';
  if (!overdue) return { ...finding, status: 'ok', detail: seen };
  return {
    ...finding,
    status: 'warning',
    detail: `${seen}; the next is overdue`,
    advice: 'Is balance ready? Its log says why a check failed. Begin one: npx holdfast ledger check',
  };
}

/** @param ms how far it is ahead of the orchestrator's */
export function clockFinding(check: string, ms: number): Finding {
  const off = Math.abs(ms);
  return {
    area: 'clock',
    check,
    status: off > 10_000 ? 'failed' : off > 1_000 ? 'warning' : 'ok',
    detail: `${Math.round(ms)} ms against the orchestrator's`,
    ...(off > 1_000 && { advice: 'Holds and leases expire by these clocks: set them by NTP.' }),
  };
}
