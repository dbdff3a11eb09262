import { Link } from 'wouter';
import type { TimelineEntry } from '../../api/types.ts';
import { Code } from '../../ui/code.tsx';
import { Facts } from '../../ui/facts.tsx';
import { clockMs } from '../../ui/format.ts';

export function EntryDetail({ entry }: { entry: TimelineEntry }) {
  const { at, label, from, to, letterId, payload } = entry;
  return (
    <>
      <h3>{label}</h3>
      <Facts
        facts={[
          ['At', clockMs(at)],
          ['Kind', entry.kind],
          ['From', from],
          ['To', to !== from && to],
          ['Step', entry.step],
          ['Outcome', entry.outcome],
          ['Attempts', entry.attempts],
          ['Detail', entry.detail],
          ['Type', entry.type && <code key="type">{entry.type}</code>],
          ['Topic', entry.topic && <code key="topic">{entry.topic}</code>],
          ['Key', entry.key && <code key="key">{entry.key}</code>],
          ['Message', entry.messageId && <code key="message">{entry.messageId}</code>],
          [
            'Letter',
            letterId && (
              <Link key="letter" href={`/dead-letters/${letterId}`}>
                Dead letter {letterId}
              </Link>
            ),
          ],
        ]}
      />
      {payload !== undefined && <Code value={payload} label="The message's payload" />}
    </>
  );
}
