import type { SagaDetail, SagaStep } from '@holdfast/ops-client/types';
import type { Context } from '../command.ts';
import { columns, fields } from '../output/columns.ts';
import { ago, duration, money } from '../output/text.ts';

/** `holdfast saga show <sagaId>`. */
export async function showSaga({ api, json, say, paint }: Context, sagaId: string) {
  const saga = await api.getSaga(sagaId);
  if (json) say(JSON.stringify(saga));
  else for (const line of describe(saga, paint)) say(line);
  return 0;
}

function describe(saga: SagaDetail, paint: Context['paint']): string[] {
  const { failure, settlement, letters, possible } = saga;
  const section = (title: string, lines: string[]) =>
    lines.length > 0 ? ['', paint.bold(title), ...lines] : [];
  return [
    ...fields([
      ['saga', `${saga.sagaId} (number ${saga.sagaNo})`],
      ['type', `${saga.type}, version ${saga.definitionVersion} of its definition`],
      ['status', saga.status === 'PARKED' ? paint.warn(saga.status) : saga.status],
      ['why', saga.parkedReason],
      ['parked', saga.parkedAt && `${ago(saga.parkedAt)} ago`],
      [
        'failure',
        failure &&
          `${failure.type}: ${failure.outcome}, ${failure.code}${failure.detail ? ` (${failure.detail})` : ''}`,
      ],
      ['waits for', saga.waitingFor.join(', ') || undefined],
      ['overdue', saga.overdueMs === undefined ? undefined : duration(saga.overdueMs)],
      ['at stake', saga.atStake && money(saga.atStake)],
      [
        saga.lockKeys.length > 1 ? 'locks' : 'lock',
        `${saga.lockKeys.join(' ')}, ${saga.locked ? 'held' : 'let go'}`,
      ],
      ['user', saga.userId],
      ['settled', settlement && `by ${settlement.by.name ?? settlement.by.operatorId}: ${settlement.reason}`],
      ['stands', settlement && (settlement.stands.join(', ') || 'nothing')],
    ]),
    ...section(
      'Steps',
      columns(
        ['step', 'service', 'did', 'undid', 'attempts'],
        saga.steps.map((step) => [
          step.name,
          step.service,
          step.did?.outcome ?? '–',
          step.undid?.outcome ?? '–',
          attempts(step),
        ]),
      ),
    ),
    ...section(
      'Timeline',
      columns(
        ['at', 'from', '', 'to', 'what'],
        saga.timeline.map(({ at, from, to, label, attempts = 1, outcome }) => [
          at,
          from,
          '→',
          to,
          `${label}${outcome ? `: ${outcome}` : ''}${attempts > 1 ? `, ${attempts} times` : ''}`,
        ]),
      ),
    ),
    ...section(
      'Dead letters',
      letters.map(
        ({ letterId, status, type, error }) =>
          `${letterId}  ${status}  ${type ?? ''}  ${error.class}: ${error.message}`,
      ),
    ),
    ...section(
      'Decided',
      saga.audit.map(
        ({ at, operator, action, reason }) =>
          `${at}  ${operator.name ?? operator.operatorId}  ${action}  ${reason ?? ''}`,
      ),
    ),
    ...section(
      'What can be decided',
      possible.map(
        (decision) =>
          `npx holdfast saga ${decision} ${saga.sagaId}${decision === 'settle' ? " --reason '…'" : ''}`,
      ),
    ),
  ];
}

const attempts = ({ did, undid }: SagaStep): string =>
  [did && `${did.attempts}`, undid && `undo ${undid.attempts}`].filter(Boolean).join(', ');
