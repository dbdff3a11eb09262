import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** One more is done. */
  step: () => void;
  stop: () => void;
};

/** A bar for one phase. @param counts what else there is to tell, asked anew each time */
export function startProgress(label: string, total: number, counts: () => string = () => ''): Progress {
  const bar = new SingleBar(
    {
      format: `${label.padEnd(9)} {bar} {value}/{total} {counts}`,
      barsize: 30,
      fps: 10,
      // Into a file or a pipe: a line now and then.
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      forceRedraw: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { counts: counts() });
  const timer = setInterval(() => bar.update({ counts: counts() }), 200);
  return {
    step: () => bar.increment(1, { counts: counts() }),
    stop: () => {
      clearInterval(timer);
      bar.update({ counts: counts() });
      bar.stop();
    },
  };
}
