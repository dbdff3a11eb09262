import { endSession, readToken } from '../session/session.ts';
import { ApiProblem, problemIn, unreachable } from './problem.ts';

type Options = {
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  /** Instead of the session's own. */
  token?: string;
  signal?: AbortSignal | undefined;
};

/**
 * Asks the API, with the session's access token in a header and never in an address.
 *
 * @throws ApiProblem for whatever isn't a success
 */
export async function call<T>(method: 'GET' | 'POST', path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) {
    const problem = await problemIn(response);
    // A token that is being tried, at sign-in, ends no session.
    if (problem.status === 401 && options.token === undefined) endSession(problem.message);
    throw problem;
  }
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiProblem({ status: response.status });
  }
}

export async function send(
  method: 'GET' | 'POST',
  path: string,
  { query = {}, body, token = readToken(), signal }: Options = {},
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (token) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(path + queryString(query), {
      method,
      headers,
      cache: 'no-store',
      ...(signal && { signal }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
}

/** Lists are repeated names; what is undefined or empty is left out. */
export function queryString(query: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat())
      if (one !== undefined && one !== '') parameters.append(name, String(one));
  const text = parameters.toString();
  return text && `?${text}`;
}
