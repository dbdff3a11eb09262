import { limit } from './limit.ts';
import type { User } from './types.ts';

/** One request, and how it may be answered here. */
export type Request = {
  /** What the user is about, for the report. */
  step: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Whose access token it carries. */
  as?: User;
  queueToken?: string | undefined;
  idempotencyKey?: string | undefined;
  /** A failure to inject, as in `balance.deduct=reject`. */
  fault?: string | undefined;
  body?: Record<string, unknown>;
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

export type Call = <Body = Record<string, unknown>>(request: Request) => Promise<Answer<Body>>;

/** Longer than the longest that a saga's POST waits, so that a silent server is told from a slow saga. */
const timeoutMs = 30_000;

/** A client of the gateway. It answers also for what fails, so that no failure goes uncounted. */
export function createClient(options: {
  url: string;
  concurrency: number;
  onAnswer: (answer: Answer<unknown>, request: Request) => void;
}): Call {
  const inTurn = limit(options.concurrency);

  return <Body>(request: Request) =>
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

async function send(url: string, request: Request): Promise<Received> {
  try {
    const response = await fetch(url + request.path, {
      method: request.method,
      headers: headersOf(request),
      ...(request.body && { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const { status } = response;
    const code = status >= 400 ? ` ${(body as { code?: string }).code ?? 'without a code'}` : '';
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
    return { status, outcome: `${status}${code}`, body, retryAfterMs };
  } catch (error) {
    return { status: 0, outcome: `no answer ${reasonOf(error)}`, body: {}, retryAfterMs: 0 };
  }
}

function headersOf(request: Request): Record<string, string> {
  const { as: user, queueToken, idempotencyKey, fault, body } = request;
  return {
    ...(user && { authorization: `Bearer ${user.accessToken}` }),
    ...(queueToken && { 'queue-token': queueToken }),
    ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    ...(fault && { 'holdfast-fault': fault }),
    ...(body && { 'content-type': 'application/json' }),
  };
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'for no known reason';
}
