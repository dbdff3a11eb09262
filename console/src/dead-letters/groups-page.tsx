import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { listLetterGroups } from '../api/operations.ts';
import type { LetterGroup, LetterSelection } from '../api/types.ts';
import { ChangeButtons } from '../ui/change-button.tsx';
import { count, plural } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';
import { LetterFilters, selectionIn } from './letter-filters.tsx';
import { RecentReplays } from './recent-replays.tsx';
import { ReplayDialog } from './replay-dialog.tsx';

/** Open dead letters, those of one error together. */
export function GroupsPage() {
  const [search] = useSearchParams();
  const [replaying, setReplaying] = useState<LetterSelection>();
  const selection = selectionIn(search);
  const isFiltered = Object.keys(selection).length > 0;
  const groups = useQuery({
    queryKey: ['letter-groups', selection],
    queryFn: () => listLetterGroups(selection),
    placeholderData: (before) => before,
    refetchInterval: 3_000,
  });

  return (
    <>
      <PageTitle title="Dead letters">
        <p className="as-of">Messages that were given up, as they were, grouped by what went wrong.</p>
      </PageTitle>
      <LetterFilters />
      <Loaded query={groups}>
        {({ items, total }) => (
          <>
            {items.length === 0 && (
              <Empty>{isFiltered ? 'No open letter is like that.' : 'No dead letter is open.'}</Empty>
            )}
            {items.length > 0 && (
              <>
                <Table
                  caption="Groups of dead letters"
                  columns={columnsWith((group) =>
                    setReplaying({ ...selection, errorGroup: group.errorGroup }),
                  )}
                  rows={items}
                  keyOf={({ errorGroup }) => errorGroup}
                />
                <div className="more">
                  <span>
                    {plural(total, 'letter')} in {plural(items.length, 'group')}
                  </span>
                  {isFiltered && (
                    <ChangeButtons
                      buttons={[
                        {
                          label: `Replay all ${count(total)} of this filter …`,
                          onClick: () => setReplaying(selection),
                        },
                      ]}
                    />
                  )}
                </div>
              </>
            )}
          </>
        )}
      </Loaded>
      <RecentReplays />
      {replaying && <ReplayDialog select={replaying} onClose={() => setReplaying(undefined)} />}
    </>
  );
}

const columnsWith = (onReplay: (group: LetterGroup) => void): Column<LetterGroup>[] => [
  { head: 'Letters', numeric: true, cell: (group) => <strong>{count(group.count)}</strong> },
  {
    head: 'Error',
    wide: true,
    cell: ({ errorGroup, error }) => (
      <>
        <Link href={`/dead-letters/groups/${errorGroup}`}>{error.class}</Link>
        <span className="under clamped">{error.message}</span>
      </>
    ),
  },
  {
    head: 'Where',
    cell: ({ topic, consumerGroup, types }) => (
      <>
        <code>{topic}</code>
        <span className="under">
          given up by {consumerGroup}
          {types.length > 0 && `: ${types.join(', ')}`}
        </span>
      </>
    ),
  },
  {
    head: 'Last failure',
    cell: ({ newest, maxReplays }) => (
      <>
        <When at={newest} />
        {maxReplays > 0 && <span className="under">replayed up to {plural(maxReplays, 'time')}</span>}
      </>
    ),
  },
  {
    head: 'Decide',
    cell: (group) => (
      <ChangeButtons buttons={[{ label: 'Replay …', onClick: () => onReplay(group), look: 'primary' }]} />
    ),
  },
];
