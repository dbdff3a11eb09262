import { type Client, createClient as connect } from '@holdfast/client/client';
import { problemIn } from '@holdfast/client/problem';
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

/** Asks with a client that carries the access token, if there is one. It never throws: what fails is an answer, too. */
export type Ask = (
  accessToken: string | undefined,
  ask: (client: Client) => Promise<{ data?: unknown; error?: unknown; response: Response }>,
) => Promise<Answer>;

/** An HTTP client of the gateway. */
export function createClient(url: string): { ask: Ask; close: () => Promise<void> } {
  const dispatcher = new Agent({ connections: 4_000, pipelining: 1, headersTimeout: 60_000 });

  /** With less work for each request than fetch has: on the machine that is measured, a load must weigh little. */
  async function send({ url, method, headers, body }: Request): Promise<Response> {
    const sent = body && (await new Response(body).text());
    const answer = await request(url, {
      dispatcher,
      method,
      headers: Object.fromEntries(headers),
      body: sent,
    });
    const text = await answer.body.text();
    return new Response(text || null, {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
    });
  }

  return {
    ask: async (accessToken, ask) => {
      try {
        const answer = await ask(connect({ url, accessToken, fetch: send }));
        const { data, error, response } = answer;
        return {
          status: response.status,
          code: problemIn(answer)?.code,
          retryAfter: response.headers.get('retry-after') ?? undefined,
          body: data ?? error ?? {},
        };
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        return { status: 0, code, retryAfter: undefined, body: {} };
      }
    },
    close: () => dispatcher.destroy(),
  };
}
