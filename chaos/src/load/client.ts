import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, HistoryEntry, Operation } from '../history/history.ts';

export type User = { userId: string; accessToken: string };

/** A request of the API; `operation` is what it is called in the history, without one it isn't noted. */
export type Request = {
  operation?: Operation;
  user: User;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: Call['request'];
  /** What is asked for, where that isn't the body. */
  about?: Call['request'];
  key?: string;
  queueToken?: string;
  fault?: string | undefined;
};

export type Answer = NonNullable<Call['answer']> & {
  /** How long the server asks to be left alone, ms; 0 where it doesn't say. */
  retryAfterMs: number;
};

export type Client = {
  /** Sends it once. @returns undefined where no answer came */
  send: (request: Request) => Promise<Answer | undefined>;
  /** Sends it, with the same key, until an answer says what has become of it, or patience ends. */
  persist: (request: Request) => Promise<Answer | undefined>;
};

/** Longer than what it asks the server to wait, so that a silent server is told from a slow saga. */
const waitS = 5;
const timeoutMs = 8_000;
const patienceMs = 180_000;
const pauseMs = [200, 4_000] as const;

export function createClient(url: string, note: (entry: HistoryEntry) => void): Client {
  async function send(request: Request): Promise<Answer | undefined> {
    const sentAt = Date.now();
    const answer = await post(url, request).catch(() => undefined);
    if (request.operation !== undefined) {
      note({
        kind: 'call',
        operation: request.operation,
        userId: request.user.userId,
        ...(request.key !== undefined && { key: request.key }),
        request: request.about ?? request.body ?? {},
        sentAt,
        ...(answer && { answer: { at: answer.at, status: answer.status, body: answer.body } }),
      });
    }
    return answer;
  }

  return {
    send,
    async persist(request) {
      const deadline = Date.now() + patienceMs;
      for (let pause: number = pauseMs[0]; ; pause = Math.min(pause * 2, pauseMs[1])) {
        const answer = await send(request);
        if ((answer && isFinal(answer)) || Date.now() > deadline) return answer;
        await sleep(Math.max(pause, answer?.retryAfterMs ?? 0) * (0.75 + Math.random() / 2));
      }
    },
  };
}

async function post(
  url: string,
  { user, method, path, body, key, queueToken, fault }: Request,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${user.accessToken}`,
      prefer: `wait=${waitS}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(queueToken !== undefined && { 'queue-token': queueToken }),
      ...(fault !== undefined && { 'holdfast-fault': fault }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const retryAfterMs = 1_000 * Number(response.headers.get('retry-after') ?? 0);
  return { at: Date.now(), status: response.status, body: text === '' ? {} : JSON.parse(text), retryAfterMs };
}

/**
 * Whether an answer settles what has become of the request. After any other it may have been carried out or not, or may
 * yet be. A seat that is locked just now is no answer to the key: it may be sent again.
 */
function isFinal({ status, body }: Answer): boolean {
  if (body.code === 'saga-compensated') return true;
  if (body.code === 'seat-locked' && body.sagaId === undefined) return false;
  return status < 500 && status !== 202 && status !== 429;
}
