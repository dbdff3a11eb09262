import type { Client } from './client.ts';
import { type ApiProblem, problemIn, retryAfterMs } from './problem.ts';

type Answer = { data?: unknown; error?: unknown; response: Response };

const patienceMs = 60_000;
const pauseMs = 500;

/**
 * Sends a request that starts a saga until it is answered with what has become of it: again after a 202 once the saga has
 * ended, after a refusal that `again` names, and where no answer came. It has to carry an Idempotency-Key, always the same.
 *
 * @param options.again by default, refusals of too much at once
 * @returns the last answer: a 202 where the saga takes more than a minute, or waits for an operator
 * @throws whatever fetch throws where for so long no answer came, or when `signal` is aborted
 */
export async function settle<Asked extends Answer>(
  client: Client,
  send: () => Promise<Asked>,
  options: { again?: (problem: ApiProblem) => boolean; signal?: AbortSignal } = {},
): Promise<Asked> {
  const { again = isPassing, signal } = options;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const isLast = () => Date.now() > deadline || signal?.aborted;
    try {
      const answer = await send();
      const problem = problemIn(answer);
      if (answer.response.status === 202) {
        const { sagaId } = answer.data as { sagaId: string };
        if (!(await hasEnded(client, sagaId, deadline))) return answer;
      } else if (!problem || !again(problem) || isLast()) return answer;
      else await pause(retryAfterMs(answer.response) ?? pauseMs);
    } catch (error) {
      if (isLast()) throw error;
      await pause(pauseMs);
    }
  }
}

/** The edge's own refusals, of too much at once: nothing has happened. */
export const isPassing = ({ code, status }: ApiProblem): boolean =>
  code === 'overloaded' || code === 'unavailable' || (code === 'unreadable' && status >= 500);

async function hasEnded(client: Client, sagaId: string, deadline: number): Promise<boolean> {
  while (Date.now() < deadline) {
    const { data } = await client.GET('/v1/sagas/{sagaId}', { params: { path: { sagaId } } });
    if (data?.status === 'PARKED') return false;
    if (data && data.status !== 'RUNNING' && data.status !== 'COMPENSATING') return true;
    await pause(pauseMs);
  }
  return false;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
