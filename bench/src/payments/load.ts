import { setTimeout as sleep } from 'node:timers/promises';
import type { Histogram } from 'hdr-histogram-js';
import { Agent, type Dispatcher, request } from 'undici';
import { openLoop } from '../load/open-loop.ts';
import { latencies, recordMs } from '../measure/latency.ts';
import type { Call } from './contenders/contender.ts';

/** What became of calls. Every one of them gets its final answer, however often it has to be sent. */
export type Tally = {
  done: number;
  /** By the code that they were refused with. */
  refused: Map<string, number>;
  /** Answers that weren't final, with how often they came. */
  again: Map<string, number>;
  unanswered: number;
  /** Of final answers, from when the call was meant to be made. */
  latency: Histogram;
  /** From the first call to the last final answer. */
  seconds: number;
};

export const answered = ({ done, refused }: Pick<Tally, 'done' | 'refused'>): number => done + sum(refused);
export const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

const patienceMs = 60_000;
const againAfterMs = 50;

export type Generator = {
  /** Takes calls until there are no more or the time is up; so many at a time, the next when one ends. */
  closed: (calls: readonly Call[], options: { atOnce: number; seconds: number }) => Promise<Tally>;
  /** Makes calls at a rate, whether or not those before have ended. */
  open: (calls: readonly Call[], options: { perSecond: number; seconds: number }) => Promise<Tally>;
  close: () => Promise<void>;
};

/** The client of all contenders: the same connections, the same work for each request. */
export function createGenerator(url: string, signal: AbortSignal): Generator {
  const dispatcher = new Agent({ connections: 1_000, pipelining: 1, headersTimeout: patienceMs });

  const newTally = (): Tally => ({
    done: 0,
    refused: new Map(),
    again: new Map(),
    unanswered: 0,
    latency: latencies(),
    seconds: 0,
  });

  async function make(call: Call, intendedAt: number, tally: Tally): Promise<void> {
    for (;;) {
      const { kind, code } = await send(dispatcher, url, call);
      const ms = performance.now() - intendedAt;
      if (kind === 'again' && ms < patienceMs) {
        count(tally.again, code);
        await sleep(againAfterMs);
        signal.throwIfAborted();
        continue;
      }
      if (kind === 'done') tally.done++;
      else if (kind === 'refused') count(tally.refused, code);
      else tally.unanswered++;
      recordMs(tally.latency, ms);
      return;
    }
  }

  async function timed(work: (tally: Tally) => Promise<void>): Promise<Tally> {
    const tally = newTally();
    const startedAt = performance.now();
    await work(tally);
    tally.seconds = (performance.now() - startedAt) / 1_000;
    return tally;
  }

  return {
    closed: (calls, { atOnce, seconds }) =>
      timed(async (tally) => {
        const endsAt = performance.now() + seconds * 1_000;
        let next = 0;
        await Promise.all(
          Array.from({ length: atOnce }, async () => {
            while (next < calls.length && performance.now() < endsAt) {
              signal.throwIfAborted();
              await make(calls[next++] as Call, performance.now(), tally);
            }
          }),
        );
      }),
    open: (calls, { perSecond, seconds }) =>
      timed(async (tally) => {
        const made: Promise<void>[] = [];
        await openLoop({ perSecond, seconds, signal }, (intendedAt) => {
          const call = calls[made.length];
          if (call) made.push(make(call, intendedAt, tally));
        });
        await Promise.all(made);
      }),
    close: () => dispatcher.destroy(),
  };
}

const count = (counts: Map<string, number>, what: string): void =>
  void counts.set(what, (counts.get(what) ?? 0) + 1);

type Answer = { kind: 'done' | 'refused' | 'again'; code: string };

async function send(dispatcher: Dispatcher, url: string, { path, headers, body }: Call): Promise<Answer> {
  try {
    const answer = await request(url + path, { dispatcher, method: 'POST', headers, body });
    const text = await answer.body.text();
    return answerOf(answer.statusCode, text);
  } catch (error) {
    return { kind: 'again', code: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

/** Final is what the same request would get again. A saga under way, an overload and a restart are not. */
export function answerOf(status: number, body: string): Answer {
  if (status === 200 || status === 201) return { kind: 'done', code: String(status) };
  const code = codeIn(body) ?? String(status);
  const refused = (status >= 400 && status < 500 && status !== 429) || code === 'saga-compensated';
  return { kind: refused ? 'refused' : 'again', code };
}

function codeIn(body: string): string | undefined {
  try {
    const { code } = JSON.parse(body);
    return code === undefined ? undefined : String(code);
  } catch {
    return undefined;
  }
}
