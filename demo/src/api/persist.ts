import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.ts';

/** The edge's own refusals, of too much at once: in order, and worth trying again. */
export const busy = ['429 overloaded', '503 overloaded'];

/** The saga has ended, and undone all that it did. */
export const compensated = '503 saga-compensated';

/** However long a server asks for, nobody at the demo waits longer. */
const longestPauseMs = 1_000;

/** How long a user waits before trying again. */
export const pauseOf = ({ retryAfterMs }: Answer<unknown>): number =>
  Math.min(Math.max(retryAfterMs, 100), longestPauseMs);

/**
 * Whether an answer settles what became of the request. After any other the request may have been carried out or not,
 * or may yet be: only to send it again, with the same key, tells.
 */
export const isFinal = ({ status, outcome }: Answer<unknown>): boolean =>
  outcome === compensated || (status >= 200 && status < 500 && status !== 202 && status !== 429);

/**
 * Sends the same request, with the same key, until its answer is a final one.
 *
 * @param again final outcomes after which to try again all the same
 * @param ended resolves once the saga of a 202 has ended; only then does the key give the final answer
 */
export async function persist<Body>(
  post: () => Promise<Answer<Body>>,
  options: { again?: readonly string[]; ended?: (sagaId: string) => Promise<boolean> } = {},
): Promise<Answer<Body>> {
  const { again = [], ended } = options;
  const attempts = 30;
  for (let attempt = 1; ; attempt++) {
    const answer = await post();
    if (attempt === attempts || (isFinal(answer) && !again.includes(answer.outcome))) return answer;
    if (answer.status !== 202) await sleep(pauseOf(answer));
    else if (!(await ended?.((answer.body as { sagaId: string }).sagaId))) return answer;
  }
}
