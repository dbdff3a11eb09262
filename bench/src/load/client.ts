import { Agent, request } from 'undici';

export type Answer = {
  /** 0 where there was none. */
  status: number;
  /** A problem's, or how the connection failed. */
  code: string | undefined;
  retryAfter: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  body: any;
};

export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  options?: { body?: unknown; headers?: Record<string, string | undefined> },
) => Promise<Answer>;

/** An HTTP client of the gateway. It never throws: what fails is an answer, too. */
export function createClient(url: string): { ask: Ask; close: () => Promise<void> } {
  const dispatcher = new Agent({ connections: 4_000, pipelining: 1, headersTimeout: 60_000 });
  return {
    ask: async (method, path, { body, headers = {} } = {}) => {
      try {
        const response = await request(url + path, {
          dispatcher,
          method,
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.body.text();
        const parsed = text ? JSON.parse(text) : {};
        return {
          status: response.statusCode,
          code: parsed.code,
          retryAfter: response.headers['retry-after'] as string | undefined,
          body: parsed,
        };
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        return { status: 0, code, retryAfter: undefined, body: {} };
      }
    },
    close: () => dispatcher.destroy(),
  };
}
