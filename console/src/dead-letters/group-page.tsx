import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listLetterGroups, listLetters } from '../api/operations.ts';
import type { LetterSelection, LetterStatus } from '../api/types.ts';
import { ChangeButtons } from '../ui/change-button.tsx';
import { Facts } from '../ui/facts.tsx';
import { count } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Mark } from '../ui/mark.tsx';
import { Empty } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Pages } from '../ui/pages.tsx';
import { letterMarks, letterStatuses } from '../ui/states.ts';
import { When } from '../ui/time.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { LetterTable } from './letter-table.tsx';
import { ReplayDialog } from './replay-dialog.tsx';

type Asking = { about: 'replay' | 'discard'; select: LetterSelection };

/** The letters of one error: all of them, or some that are chosen, are replayed or discarded. */
export function GroupPage({ errorGroup }: { errorGroup: string }) {
  const [status, setStatus] = useState<LetterStatus[]>(['OPEN']);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [asking, setAsking] = useState<Asking>();
  const group = useQuery({
    queryKey: ['letter-groups', { errorGroup }],
    queryFn: () => listLetterGroups({ errorGroup, status: letterStatuses }),
  });
  const open = useQuery({
    queryKey: ['letter-groups', { errorGroup, open: true }],
    queryFn: () => listLetterGroups({ errorGroup }),
    refetchInterval: 3_000,
  });

  const toggle = <T,>(set: ReadonlySet<T>, item: T) => {
    const next = new Set(set);
    if (!next.delete(item)) next.add(item);
    return next;
  };
  const openCount = open.data?.total ?? 0;
  const some = chosen.size > 0;
  const select: LetterSelection = some ? { letterIds: [...chosen] } : { errorGroup };
  const which = some ? `${count(chosen.size)} chosen` : `all ${count(openCount)} open`;

  return (
    <>
      <PageTitle title={group.data?.items[0]?.error.class ?? 'Dead letters of one error'} />
      <Loaded query={group}>
        {({ items: [found] }) =>
          found ? (
            <section className="card">
              <p className="standing-main">{found.error.message}</p>
              <Facts
                facts={[
                  ['Topic', <code key="topic">{found.topic}</code>],
                  ['Given up by', found.consumerGroup],
                  ['Types', found.types.join(', ')],
                  ['Letters', `${count(found.count)}, of which ${count(openCount)} open`],
                  ['First', <When key="oldest" at={found.oldest} />],
                  ['Last', <When key="newest" at={found.newest} />],
                  ['Stack', <code key="stack">{found.error.stackHash}</code>],
                ]}
              />
            </section>
          ) : (
            <Empty>There are no letters of this error.</Empty>
          )
        }
      </Loaded>
      <div className="filters">
        <fieldset className="choices">
          <legend>Status</legend>
          {letterStatuses.map((each) => (
            <label key={each}>
              <input
                type="checkbox"
                checked={status.includes(each)}
                onChange={() => setStatus([...toggle(new Set(status), each)])}
              />
              <Mark {...letterMarks[each]} />
            </label>
          ))}
        </fieldset>
      </div>
      {(some || openCount > 0) && (
        <ChangeButtons
          buttons={[
            {
              label: `Replay ${which} …`,
              onClick: () => setAsking({ about: 'replay', select }),
              look: 'primary',
            },
            {
              label: `Discard ${which} …`,
              onClick: () => setAsking({ about: 'discard', select }),
              look: 'danger',
            },
          ]}
        />
      )}
      <Pages
        queryKey={['letters', { errorGroup, status }]}
        load={(cursor) =>
          listLetters({ errorGroup, status: status.length > 0 ? status : letterStatuses, cursor })
        }
        refreshMs={3_000}
        empty={<Empty>No letter of this error is like that.</Empty>}
      >
        {(letters) => (
          <LetterTable
            caption="Letters of this error"
            sameError
            letters={letters}
            selection={{ chosen, toggle: (letterId) => setChosen(toggle(chosen, letterId)) }}
          />
        )}
      </Pages>
      {asking?.about === 'replay' && (
        <ReplayDialog select={asking.select} onClose={() => setAsking(undefined)} />
      )}
      {asking?.about === 'discard' && (
        <DiscardDialog select={asking.select} what={which} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}
