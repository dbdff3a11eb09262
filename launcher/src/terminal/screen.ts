import { styleText } from 'node:util';
import type { Report, Stage } from './report.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const stillRunningMs = 5_000;

interface RunningStage {
  label: string;
  detail: string;
  startedAt: number;
}

/** A terminal gets one live line below what has been said; anything else gets plain lines. */
export function createScreen(stream: NodeJS.WriteStream): Report {
  // A reader that has gone away must not end the launcher in the middle of its work.
  stream.on('error', () => undefined);
  const running = new Set<RunningStage>();
  let ticker: NodeJS.Timeout | undefined;
  let frame = 0;

  function say(line: string): void {
    stream.write(stream.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
    if (stream.isTTY) drawLiveLine();
  }

  function drawLiveLine(): void {
    if (running.size === 0) return;
    const line = `${frames[frame % frames.length]} ${[...running].map(describe).join(' · ')}`;
    stream.write(`\r\x1b[K${line.slice(0, stream.columns - 1)}`);
  }

  function tick(): void {
    frame += 1;
    if (stream.isTTY) drawLiveLine();
    else for (const stage of running) stream.write(`… ${describe(stage)}\n`);
  }

  function stage(label: string): Stage {
    const entry: RunningStage = { label, detail: '', startedAt: Date.now() };
    running.add(entry);
    ticker ??= setInterval(tick, stream.isTTY ? 100 : stillRunningMs);

    function drop(): void {
      running.delete(entry);
      if (running.size > 0) return;
      clearInterval(ticker);
      ticker = undefined;
      if (stream.isTTY) stream.write('\r\x1b[K');
    }

    return {
      update(detail) {
        entry.detail = detail;
      },
      done(result) {
        drop();
        say(`${styleText('green', '✔')} ${result} ${styleText('dim', `(${seconds(entry)} s)`)}`);
      },
      drop,
    };
  }

  return { say, stage };
}

function describe(stage: RunningStage): string {
  return [stage.label, stage.detail, `${Math.floor(Number(seconds(stage)))} s`].filter(Boolean).join(' ');
}

function seconds({ startedAt }: RunningStage): string {
  return ((Date.now() - startedAt) / 1_000).toFixed(1);
}
