import { type Client, createClient as connect } from '@holdfast/client/client';
import { problemIn, retryAfterMs } from '@holdfast/client/problem';
import type { SagaAccepted, User } from '@holdfast/client/types';
import { limit } from './limit.ts';

/** One request, and how it may be answered here. */
export type Request<Body = unknown> = {
  /** What the user is about, for the report. */
  step: string;
  /** Whose access token it carries. */
  as?: User;
  /** A failure to inject, as in `balance.deduct=reject`. */
  fault?: string | undefined;
  ask: (client: Client) => Promise<{ data?: Body | SagaAccepted; error?: unknown; response: Response }>;
  /** The outcomes that are in order; any other is a finding. */
  expect: readonly string[];
};

export type Answer<Body = Record<string, unknown>> = {
  step: string;
  /** 0 where there was no answer. */
  status: number;
  /** `201`, `409 seat-taken`, `no answer ECONNRESET`. */
  outcome: string;
  expected: boolean;
  /** Meaningful where `ok`. */
  body: Body;
  ok: boolean;
  retryAfterMs: number;
  ms: number;
  fault: string | undefined;
};

export type Call = <Body>(request: Request<Body>) => Promise<Answer<Body>>;

/** Longer than the longest that a saga's POST waits, so that a silent server is told from a slow saga. */
const timeoutMs = 30_000;

/** A client of the gateway. It answers also for what fails, so that no failure goes uncounted. */
export function createClient(options: {
  url: string;
  concurrency: number;
  onAnswer: (answer: Answer<unknown>, request: Pick<Request, 'as'>) => void;
}): Call {
  const inTurn = limit(options.concurrency);

  return <Body>(request: Request<Body>) =>
    inTurn(async () => {
      const startedAt = performance.now();
      const received = await send(options.url, request);
      const { step, fault } = request;
      const answer: Answer<Body> = {
        ...received,
        body: received.body as Body,
        step,
        fault,
        ok: received.status >= 200 && received.status < 300,
        expected: request.expect.includes(received.outcome),
        ms: performance.now() - startedAt,
      };
      options.onAnswer(answer, request);
      return answer;
    });
}

type Received = Pick<Answer<unknown>, 'status' | 'outcome' | 'body' | 'retryAfterMs'>;

async function send(url: string, { as: user, ask }: Pick<Request, 'as' | 'ask'>): Promise<Received> {
  const client = connect({
    url,
    accessToken: user?.accessToken,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }),
  });
  try {
    const answer = await ask(client);
    const { data, error, response } = answer;
    const problem = problemIn(answer);
    const outcome = problem ? `${response.status} ${problem.code}` : String(response.status);
    return {
      status: response.status,
      outcome,
      body: data ?? error ?? {},
      retryAfterMs: retryAfterMs(response) ?? 0,
    };
  } catch (error) {
    return { status: 0, outcome: `no answer ${reasonOf(error)}`, body: {}, retryAfterMs: 0 };
  }
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'for no known reason';
}
