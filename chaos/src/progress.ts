import type { HistoryEntry } from './history/history.ts';
import type { Load } from './load/load.ts';

export type Progress = {
  count: (entry: HistoryEntry) => void;
  /** What is going on now. */
  at: (doing: string) => void;
  start: (load: Load) => void;
  stop: () => void;
};

const everyMs = 5_000;

/** One line every few seconds. */
export function reportProgress(say: (line: string) => void): Progress {
  let doing = 'calm';
  let sagas = 0;
  let before = 0;
  let load: Load | undefined;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    const elapsed = Math.round((performance.now() - startedAt) / 1_000);
    const rate = Math.round((sagas - before) / (everyMs / 1_000));
    before = sagas;
    const turnedAway = load?.turnedAway() ? `, ${load.turnedAway()} not begun` : '';
    say(
      `${elapsed} s: ${sagas} sagas (${rate}/s), ${load?.inFlight()} sessions in flight${turnedAway}; ${doing}`,
    );
  }

  return {
    count(entry) {
      if (entry.kind === 'call' && endsSaga(entry)) sagas++;
    },
    at(next) {
      doing = next;
    },
    start(started) {
      load = started;
      startedAt = performance.now();
      timer = setInterval(tell, everyMs);
    },
    stop: () => clearInterval(timer),
  };
}

const sagaOperations: ReadonlySet<string> = new Set(['hold', 'pay', 'refund']);

/** Whether a saga has ended with this answer. A repeated request counts again: the exact number is the checker's. */
const endsSaga = ({ operation, answer }: Extract<HistoryEntry, { kind: 'call' }>): boolean =>
  sagaOperations.has(operation) && answer?.body.sagaId !== undefined && answer.status !== 202;
