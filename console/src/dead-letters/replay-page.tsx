import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { getReplay, stopReplay } from '../api/operations.ts';
import type { Replay } from '../api/types.ts';
import { ChangeButtons } from '../ui/change-button.tsx';
import { Code } from '../ui/code.tsx';
import { Facts } from '../ui/facts.tsx';
import { count, plural } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice, ProblemNotice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { replayMarks } from '../ui/states.ts';
import { When } from '../ui/time.tsx';

/** How a replay goes on. It is the system's work, not the page's: whoever leaves finds it again. */
export function ReplayPage({ replayId }: { replayId: number }) {
  const replay = useQuery({
    queryKey: ['replay', replayId],
    queryFn: () => getReplay(replayId),
    // Also after its end, since what it sent may fail again later.
    refetchInterval: ({ state: { data } }) => (data?.status === 'RUNNING' ? 500 : 5_000),
  });
  return (
    <>
      <PageTitle title={`Replay ${replayId}`}>
        {replay.data && (
          <span role="status">
            <Mark {...replayMarks[replay.data.status]} />
          </span>
        )}
      </PageTitle>
      <Loaded query={replay}>{(found) => <Progress replay={found} />}</Loaded>
    </>
  );
}

function Progress({ replay }: { replay: Replay }) {
  const { replayId, status, sent, total, skipped, failedAgain, select, startedBy } = replay;
  const queries = useQueryClient();
  const stopping = useMutation({
    mutationFn: () => stopReplay(replayId, {}),
    onSuccess: (stopped) => queries.setQueryData(['replay', replayId], stopped),
  });
  return (
    <section className="card">
      <p className="standing-main">
        {count(sent)} of {plural(total, 'letter')} sent
        {failedAgain > 0 && (
          <>
            , <Mark shape="cross" tone="bad" word={`${count(failedAgain)} failed again`} />
          </>
        )}
      </p>
      <progress max={Math.max(1, total)} value={total === 0 ? 1 : sent} aria-label="Letters sent" />
      {replay.stoppedBecause && <Notice tone="warn">Stopped: {replay.stoppedBecause}</Notice>}
      {stopping.error && <ProblemNotice problem={stopping.error} />}
      <Facts
        facts={[
          ['Started', <When key="started" at={replay.startedAt} />],
          ['Ended', replay.endedAt && <When key="ended" at={replay.endedAt} />],
          ['By', startedBy.name ?? startedBy.operatorId],
          ['Reason', replay.reason],
          ['Rate', `${count(replay.rate)} letters a second`],
          ['Stops after', `${plural(replay.stopAfter, 'letter')} that failed again`],
          ['Left out', skipped > 0 && `${plural(skipped, 'letter')}: dealt with, or replayed too often`],
          [
            'Letters',
            select.letterIds?.length === 1 ? (
              <Link key="letter" href={`/dead-letters/${select.letterIds[0]}`}>
                letter {select.letterIds[0]}
              </Link>
            ) : select.errorGroup ? (
              <Link key="group" href={`/dead-letters/groups/${select.errorGroup}`}>
                those of one error
              </Link>
            ) : (
              plural(total, 'letter')
            ),
          ],
        ]}
      />
      {status === 'RUNNING' && (
        <ChangeButtons buttons={[{ label: 'Stop it', onClick: () => stopping.mutate(), look: 'danger' }]} />
      )}
      <details>
        <summary>What was selected</summary>
        <Code value={select} label="What was selected" />
      </details>
    </section>
  );
}
