import { send } from '../api/call.ts';
import { problemIn, unreachable } from '../api/problem.ts';
import type { Overview } from '../api/types.ts';
import { endSession } from '../session/session.ts';
import { eventParser } from './parse-events.ts';

/** How the stream is: `waiting` until `retryAt` (ms since the epoch), then it connects again. */
export type LiveState = { is: 'connecting' | 'live' } | { is: 'waiting'; retryAt: number; why: string };

// One comes every second; so much silence is a connection that nobody has told us is dead.
const silenceMs = 8_000;
const longestWaitMs = 15_000;

/** Follows the overview until it is aborted, connecting again with backoff for as long as it takes. */
export async function followOverview(options: {
  signal: AbortSignal;
  onState: (state: LiveState) => void;
  onOverview: (overview: Overview) => void;
}): Promise<void> {
  const { signal, onState, onOverview } = options;
  let failures = 0;
  while (!signal.aborted) {
    let why = 'The stream ended.';
    try {
      await readStream(signal, (overview) => {
        failures = 0;
        onState({ is: 'live' });
        onOverview(overview);
      });
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    failures += 1;
    // Apart from each other, or all consoles come back in the same moment.
    const waitMs = Math.min(longestWaitMs, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
    onState({ is: 'waiting', retryAt: Date.now() + waitMs, why });
    await pause(waitMs, signal);
    if (!signal.aborted) onState({ is: 'connecting' });
  }
}

/** @throws when it can't be opened, is silent for too long, or is aborted */
async function readStream(signal: AbortSignal, onOverview: (overview: Overview) => void): Promise<void> {
  const silence = new AbortController();
  const abort = () => silence.abort();
  signal.addEventListener('abort', abort);
  let timer = setTimeout(abort, silenceMs);
  try {
    const response = await send('GET', '/ops/v1/overview/events', { signal: silence.signal });
    if (!response.ok) {
      const problem = await problemIn(response);
      if (problem.status === 401) endSession(problem.message);
      throw problem;
    }
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const parse = eventParser();
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      clearTimeout(timer);
      timer = setTimeout(abort, silenceMs);
      for (const { event, data } of parse(chunk.value))
        if (event === 'overview') onOverview(JSON.parse(data));
    }
  } catch (error) {
    throw silence.signal.aborted ? unreachable() : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
