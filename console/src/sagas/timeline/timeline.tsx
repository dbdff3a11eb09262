import { useState } from 'react';
import type { TimelineEntry } from '../../api/types.ts';
import { Diagram } from './diagram.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { TimelineTable } from './timeline-table.tsx';

/** What happened, message by message: as a sequence diagram, or the same as a table. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  // Where there is no room for a diagram, the table is what can be read.
  const [view, setView] = useState<'diagram' | 'table'>(() =>
    matchMedia('(max-width: 640px)').matches ? 'table' : 'diagram',
  );
  const [chosen, setChosen] = useState<number>();
  const entry = chosen === undefined ? undefined : entries[chosen];
  return (
    <>
      <div className="timeline-head">
        <h2>Timeline</h2>
        <fieldset className="choices">
          <legend className="unseen">Show it as</legend>
          {(['diagram', 'table'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="view" checked={view === each} onChange={() => setView(each)} />
              {each === 'diagram' ? 'Diagram' : 'Table'}
            </label>
          ))}
        </fieldset>
      </div>
      <div className="timeline">
        {view === 'diagram' ? (
          <Diagram entries={entries} chosen={chosen} onChoose={setChosen} />
        ) : (
          <TimelineTable entries={entries} chosen={chosen} onChoose={setChosen} />
        )}
        <aside aria-label="The chosen message" aria-live="polite">
          {entry ? (
            <EntryDetail entry={entry} />
          ) : (
            <p className="muted">Choose a message to see what was in it.</p>
          )}
        </aside>
      </div>
    </>
  );
}
