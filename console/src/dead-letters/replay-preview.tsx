import { Link } from 'wouter';
import type { Preview, Verdict } from '../api/types.ts';
import { count, plural } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { verdictMarks, verdicts } from '../ui/states.ts';

/** What a replay would do, by verdict, with examples of each. */
export function ReplayPreview({ preview }: { preview: Preview }) {
  const { total, examined, skipped } = preview;
  return (
    <>
      <p>
        <strong>{plural(total, 'letter')}</strong> would be sent again, each under its own id.
        {skipped > 0 &&
          ` ${plural(skipped, 'letter')} that ${skipped === 1 ? 'was' : 'were'} dealt with, or replayed too often, would be left out.`}
        {examined < total && ` The first ${count(examined)} were examined:`}
      </p>
      <ul className="verdicts">
        {verdicts
          .filter((verdict) => preview.verdicts[verdict])
          .map((verdict) => (
            <VerdictCount key={verdict} verdict={verdict} preview={preview} />
          ))}
      </ul>
    </>
  );
}

function VerdictCount({ verdict, preview }: { verdict: Verdict; preview: Preview }) {
  const { examined, verdicts, examples } = preview;
  const number = verdicts[verdict] ?? 0;
  const ofThis = examples.filter((example) => example.verdict === verdict);
  const { tone } = verdictMarks[verdict];
  return (
    <li>
      <details>
        <summary>
          <span className="verdict-count">{count(number)}</span>
          <Mark {...verdictMarks[verdict]} />
          <svg className="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect width="100" height="6" />
            <rect data-tone={tone} width={(100 * number) / Math.max(1, examined)} height="6" />
          </svg>
          {ofThis[0] && <span className="under">{ofThis[0].explanation}</span>}
        </summary>
        <ul>
          {ofThis.map(({ letterId, type, explanation }) => (
            <li key={letterId}>
              <Link href={`/dead-letters/${letterId}`}>{letterId}</Link> {type}: {explanation}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
