import { ago, dateTime } from './format.ts';
import { useNow } from './now.ts';

/** When, and how long ago that is. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} className="when">
      {dateTime(at)} <Ago at={at} />
    </time>
  );
}

export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <span className="ago" title={dateTime(at)}>
      {ago(now - Date.parse(at))}
    </span>
  );
}
