import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { getLetter } from '../api/operations.ts';
import type { LetterDetail } from '../api/types.ts';
import { ChangeButtons } from '../ui/change-button.tsx';
import { Code } from '../ui/code.tsx';
import { Facts } from '../ui/facts.tsx';
import { bytes, plural } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Mark } from '../ui/mark.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { letterMarks, verdictMarks } from '../ui/states.ts';
import { When } from '../ui/time.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { ReplayDialog } from './replay-dialog.tsx';

export function LetterPage({ letterId }: { letterId: number }) {
  const letter = useQuery({
    queryKey: ['letter', letterId],
    queryFn: () => getLetter(letterId),
    refetchInterval: ({ state: { data } }) =>
      data && ['OPEN', 'QUEUED', 'REPLAYED'].includes(data.status) ? 2_000 : false,
  });
  return (
    <>
      <PageTitle title={`Dead letter ${letterId}`}>
        {letter.data && (
          <span role="status">
            <Mark {...letterMarks[letter.data.status]} />
          </span>
        )}
      </PageTitle>
      <Loaded query={letter}>{(detail) => <Letter letter={detail} />}</Loaded>
    </>
  );
}

function Letter({ letter }: { letter: LetterDetail }) {
  return (
    <div className="letter">
      <Outlook letter={letter} />
      <section className="card">
        <h2>What went wrong</h2>
        <p className="standing-main">{letter.error.message}</p>
        <Facts
          facts={[
            ['Error', letter.error.class],
            [
              'Group',
              <Link key="group" href={`/dead-letters/groups/${letter.errorGroup}`}>
                all of this error
              </Link>,
            ],
            ['Given up by', letter.consumerGroup],
            ['Tried', plural(letter.attempts, 'time')],
            ['First failure', <When key="first" at={letter.firstFailure} />],
            ['Last failure', <When key="last" at={letter.lastFailure} />],
          ]}
        />
      </section>
      <section className="card">
        <h2>The message</h2>
        <Facts facts={messageFacts(letter)} />
      </section>
      <section className="letter-payload">
        <h2>
          Payload <span className="muted">{bytes(letter.bytes)}</span>
        </h2>
        {letter.encoding === 'none' ? (
          <p className="muted">The message has no bytes at all.</p>
        ) : (
          <Code value={letter.payload} label={`Payload, shown as ${letter.encoding}`} />
        )}
      </section>
      <section>
        <h2>Headers</h2>
        <Facts
          facts={Object.entries(letter.headers).map(([name, value]) => [
            name,
            <code key={name}>{value}</code>,
          ])}
        />
      </section>
    </div>
  );
}

/** What a replay would do, and what can be done. */
function Outlook({ letter }: { letter: LetterDetail }) {
  const [asking, setAsking] = useState<'replay' | 'discard'>();
  const [, goTo] = useLocation();
  const { letterId, judgement, status, closedBy, closedAt, closedReason, successor, predecessor } = letter;
  const select = { letterIds: [letterId] };
  const canBeSent = ['OPEN', 'REPLAYED', 'DISCARDED'].includes(status);
  return (
    <section className="card standing" data-status={status} aria-label="What a replay would do">
      <p className="standing-main">
        <span className="muted">A replay:</span> <Mark {...verdictMarks[judgement.verdict]} />
      </p>
      <p>{judgement.explanation}</p>
      {closedAt && (
        <p>
          Dealt with {closedBy && `by ${closedBy.name ?? closedBy.operatorId}`} <When at={closedAt} />
          {closedReason && `: ${closedReason}`}
          {letter.replayId && (
            <>
              {' '}
              in <Link href={`/replays/${letter.replayId}`}>replay {letter.replayId}</Link>
            </>
          )}
        </p>
      )}
      {predecessor && (
        <p>
          It comes from <Link href={`/dead-letters/${predecessor}`}>letter {predecessor}</Link>, which was
          sent again.
        </p>
      )}
      {successor && (
        <p>
          It failed again: <Link href={`/dead-letters/${successor}`}>letter {successor}</Link>.
        </p>
      )}
      <ChangeButtons
        buttons={[
          ...(canBeSent
            ? [{ label: 'Replay …', onClick: () => setAsking('replay'), look: 'primary' as const }]
            : []),
          ...(letter.editable
            ? [{ label: 'Edit …', onClick: () => goTo(`/dead-letters/${letterId}/edit`) }]
            : []),
          ...(status === 'OPEN'
            ? [{ label: 'Discard …', onClick: () => setAsking('discard'), look: 'danger' as const }]
            : []),
        ]}
      />
      {!letter.editable && letter.notEditableBecause && (
        <p className="hint">It can't be edited: {letter.notEditableBecause}</p>
      )}
      {asking === 'replay' && <ReplayDialog select={select} onClose={() => setAsking(undefined)} />}
      {asking === 'discard' && (
        <DiscardDialog select={select} what={`letter ${letterId}`} onClose={() => setAsking(undefined)} />
      )}
    </section>
  );
}

function messageFacts(letter: LetterDetail) {
  const { sagaId, step, action, topic, partition, offset, deadLetter } = letter;
  return [
    ['Type', letter.type && <code key="type">{letter.type}</code>],
    [
      'Saga',
      sagaId && (
        <Link key="saga" href={`/sagas/${sagaId}`}>
          {step ? `${step}, ${action === 'undo' ? 'its compensation' : 'the step itself'}` : sagaId}
        </Link>
      ),
    ],
    ['Lay on', <code key="on">{`${topic} ${partition}/${offset}`}</code>],
    ['Lies on', <code key="lies">{`${deadLetter.topic} ${deadLetter.partition}/${deadLetter.offset}`}</code>],
    ['Produced', <When key="produced" at={letter.producedAt} />],
    ['Key', letter.key && <code key="key">{letter.key}</code>],
    ['Id', letter.messageId && <code key="id">{letter.messageId}</code>],
    ['Replayed', letter.replays > 0 && plural(letter.replays, 'time')],
  ] as const;
}
