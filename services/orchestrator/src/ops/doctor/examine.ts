import { query } from '@holdfast/shared/database/query';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';
import type { Static } from 'typebox';
import type { OverviewSource } from '../overview/watch.ts';
import type { Caller, Participants } from '../participants.ts';
import { participantNames } from '../participants.ts';
import {
  clockFinding,
  externalApiFindings,
  lagFindings,
  ledgerFinding,
  outboxFinding,
  sagaFindings,
  topicFindings,
} from './findings.ts';
import type { Examination, Finding } from './shapes.ts';

export type ExamineNeeds = {
  db: Knex;
  redis: Redis;
  kafka: Pick<KafkaConnection, 'inspectTopics'>;
  participants: Participants;
  overview: Pick<OverviewSource, 'current'>;
};

const timeoutMs = 3_000;

/** Looks at everything at once. What can't be looked at is a finding as well. */
export async function examine(needs: ExamineNeeds, caller: Caller): Promise<Static<typeof Examination>> {
  const { db, redis, kafka, participants, overview } = needs;
  const checks: Check[] = [
    ...participantNames.flatMap((service) => [
      ...participants
        .urls(service)
        .map(
          (url, i): Check => [
            'services',
            `service:${service}${i > 0 ? `-${i + 1}` : ''}`,
            async () => [await readiness(`service:${service}${i > 0 ? `-${i + 1}` : ''}`, url)],
          ],
        ),
      [
        'outbox',
        `outbox:${service}`,
        async () => {
          const sentAt = Date.now();
          const condition = await participants.condition(service, caller);
          return [
            outboxFinding(service, condition.outbox),
            clockFinding(`clock:${service}`, skew(sentAt, Date.parse(condition.now))),
            clockFinding(`clock:${service}-postgres`, skew(sentAt, Date.parse(condition.databaseNow))),
          ];
        },
      ] as Check,
    ]),
    ['kafka', 'topics', async () => topicFindings(await kafka.inspectTopics())],
    [
      'sagas',
      'sagas',
      async () => {
        const seen = await overview.current();
        return [...sagaFindings(seen), ...externalApiFindings(seen), ...lagFindings(seen.lag)];
      },
    ],
    ['ledger', 'ledger', async () => [ledgerFinding(await participants.ledgerChecks(caller))]],
    ['outbox', 'outbox:orchestrator', async () => [await auditOutbox(db)]],
    [
      'postgres',
      'clock:postgres',
      async () => {
        const sentAt = Date.now();
        const [row] = await query<{ now: Date }>(db, 'select clock_timestamp() as now');
        return [clockFinding('clock:postgres', skew(sentAt, row?.now.getTime() ?? 0))];
      },
    ],
    [
      'redis',
      'clock:redis',
      async () => {
        const sentAt = Date.now();
        const [seconds, micros] = await redis.time();
        return [clockFinding('clock:redis', skew(sentAt, Number(seconds) * 1_000 + Number(micros) / 1_000))];
      },
    ],
  ];
  const findings = (await Promise.all(checks.map(run))).flat();
  const worst = (['failed', 'warning', 'ok'] as const).find((status) =>
    findings.some((finding) => finding.status === status),
  );
  return { at: new Date().toISOString(), status: worst ?? 'ok', findings };
}

type Check = [area: Finding['area'], check: string, look: () => Promise<Finding[]>];

async function run([area, check, look]: Check): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [{ area, check, status: 'failed', detail: (error as Error).message, advice: 'Is it running?' }];
  }
}

/** A clock that was read somewhere between then and now, against ours in the middle. */
const skew = (sentAt: number, theirs: number): number => theirs - (sentAt + Date.now()) / 2;

async function readiness(check: string, url: string): Promise<Finding> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/health/ready`, {
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = (await response.json()) as { detail?: string };
  return response.ok
    ? { area: 'services', check, status: 'ok', detail: `ready at ${url}` }
    : {
        area: 'services',
        check,
        status: 'failed',
        detail: `${body.detail ?? response.status} (${url})`,
        advice: 'See its log, and what it says it lacks.',
      };
}

/** The audit's own outbox. */
async function auditOutbox(db: Knex): Promise<Finding> {
  const [row] = await query<{ waiting: number; oldest_ms: number | null }>(
    db,
    `select count(*)::int as waiting, (extract(epoch from clock_timestamp() - min(at)) * 1000)::float as oldest_ms
     from audit where not published`,
  );
  return outboxFinding('orchestrator', { waiting: row?.waiting ?? 0, oldestMs: row?.oldest_ms ?? 0 });
}
