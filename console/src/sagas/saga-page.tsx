import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link } from 'wouter';
import { getSaga } from '../api/operations.ts';
import type { Decision, SagaDetail } from '../api/types.ts';
import { AuditTable } from '../audit/audit-table.tsx';
import { LetterTable } from '../dead-letters/letter-table.tsx';
import { ChangeButtons } from '../ui/change-button.tsx';
import { Code, CopyableId } from '../ui/code.tsx';
import { Facts } from '../ui/facts.tsx';
import { clock, duration, money } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Mark } from '../ui/mark.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { sagaMarks } from '../ui/states.ts';
import { Ago, When } from '../ui/time.tsx';
import { DecisionDialog, decisionNames } from './decision-dialog.tsx';
import { Steps } from './steps.tsx';
import { Timeline } from './timeline/timeline.tsx';

const isOver = ({ status, letters }: SagaDetail) =>
  ['COMPLETED', 'COMPENSATED', 'SETTLED'].includes(status) &&
  letters.every((letter) => !['OPEN', 'QUEUED'].includes(letter.status));

export function SagaPage({ sagaId }: { sagaId: string }) {
  const saga = useQuery({
    queryKey: ['saga', sagaId],
    queryFn: () => getSaga(sagaId),
    // What is under way is followed; what is over stays as it is.
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : 1_000),
  });
  return <Loaded query={saga}>{(detail) => <Saga saga={detail} />}</Loaded>;
}

function Saga({ saga }: { saga: SagaDetail }) {
  return (
    <>
      <PageTitle title={`${saga.type} #${saga.sagaNo}`}>
        <span role="status" className="saga-status">
          <Mark {...sagaMarks[saga.status]} />
        </span>
        <CopyableId id={saga.sagaId} what="the saga's id" />
      </PageTitle>
      <div className="saga">
        <Standing saga={saga} />
        <section className="card saga-facts">
          <h2>The saga</h2>
          <Facts facts={factsOf(saga)} />
        </section>
        <section className="saga-timeline">
          <Timeline entries={saga.timeline} />
        </section>
        <section>
          <h2>Steps</h2>
          <Steps steps={saga.steps} />
        </section>
        {saga.letters.length > 0 && (
          <section>
            <h2>Dead letters of this saga</h2>
            <LetterTable letters={saga.letters} caption="Dead letters of this saga" />
          </section>
        )}
        {saga.audit.length > 0 && (
          <section>
            <h2>What operators did</h2>
            <AuditTable entries={saga.audit} />
          </section>
        )}
        <details>
          <summary>What it knows (its context)</summary>
          <Code value={saga.context} label="The saga's context" />
        </details>
      </div>
    </>
  );
}

/** How it stands, in a sentence, and what can be decided. */
function Standing({ saga }: { saga: SagaDetail }) {
  const [decision, setDecision] = useState<Decision>();
  const { failure, parkedReason, parkedAt, atStake, settlement, possible, overdueMs } = saga;
  return (
    <section className="card standing" data-status={saga.status} aria-label="How it stands">
      {parkedReason && (
        <p className="standing-main">
          Parked {parkedAt && <Ago at={parkedAt} />}: {parkedReason}
        </p>
      )}
      {settlement && (
        <p className="standing-main">
          Settled by {settlement.by.name ?? settlement.by.operatorId} <When at={settlement.at} />:{' '}
          {settlement.reason}
          {settlement.stands.length > 0 && <> What stands: {settlement.stands.join(', ')}.</>}
        </p>
      )}
      {failure && (
        <p>
          <code>{failure.step}</code> {failure.outcome === 'refused' ? 'was refused' : 'has no known outcome'}
          : <strong>{failure.type}</strong>, {failure.detail ?? failure.code}
        </p>
      )}
      {overdueMs !== undefined && (
        <p>
          <Mark shape="clock" tone="warn" word={`Overdue by ${duration(overdueMs)}`} />
        </p>
      )}
      {saga.waitingFor.length > 0 && (
        <p>
          Waits for <code>{saga.waitingFor.join(', ')}</code>
          {saga.deadlineAt && ` until ${clock(saga.deadlineAt)}`}.
        </p>
      )}
      {!failure && !parkedReason && saga.status === 'COMPLETED' && <p>Everything was done.</p>}
      {atStake && (
        <p>
          At stake: <strong>{money(atStake)}</strong>, which may be off a balance with nothing to show for it
          yet.
        </p>
      )}
      {possible.length > 0 && (
        <ChangeButtons
          buttons={possible.map((each) => ({
            label: `${decisionNames[each]} …`,
            onClick: () => setDecision(each),
            look: each === 'settle' ? 'danger' : each === 'retry' ? 'primary' : undefined,
          }))}
        />
      )}
      {decision && <DecisionDialog saga={saga} decision={decision} onClose={() => setDecision(undefined)} />}
    </section>
  );
}

function factsOf(saga: SagaDetail) {
  const { startedAt, endedAt } = saga;
  return [
    ['Started', <When key="started" at={startedAt} />],
    ['Parked', saga.parkedAt && <When key="parked" at={saga.parkedAt} />],
    ['Ended', endedAt && <When key="ended" at={endedAt} />],
    ['Lasted', endedAt && duration(Date.parse(endedAt) - Date.parse(startedAt))],
    ['User', <code key="user">{saga.userId}</code>],
    [
      saga.lockKeys.length > 1 ? 'Locks' : 'Lock',
      <span key="lock">
        {saga.lockKeys.map((lockKey) => (
          <Fragment key={lockKey}>
            <Link href={`/sagas?lockKey=${encodeURIComponent(lockKey)}`}>
              <code>{lockKey}</code>
            </Link>{' '}
          </Fragment>
        ))}
        {saga.locked ? 'held' : 'let go'}
      </span>,
    ],
    ['Definition', `${saga.type} version ${saga.definitionVersion}`],
    ['Trace', saga.traceparent && <code key="trace">{saga.traceparent}</code>],
    ['Instance', <code key="instance">{saga.instance}</code>],
  ] as const;
}
