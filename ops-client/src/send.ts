import { problemIn, unreachable } from './problem.ts';

export type Request = {
  query?: Readonly<Record<string, unknown>> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
};

/** Asks the API. @throws ApiProblem for whatever isn't a success */
export type Send = (method: 'GET' | 'POST', path: string, request?: Request) => Promise<Response>;

/**
 * @param url the origin, without a slash at the end; empty in a page that comes from it
 * @param accessToken asked for anew with each request, so that it may change; it goes into a header, never an address
 */
export function sender(url: string, accessToken: () => string | undefined): Send {
  return async (method, path, { query = {}, body, signal } = {}) => {
    const headers = new Headers({
      accept: 'application/json, application/x-ndjson, application/problem+json',
    });
    const token = accessToken();
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    let response: Response;
    try {
      response = await fetch(url + path + queryString(query), {
        method,
        headers,
        cache: 'no-store',
        ...(signal && { signal }),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw unreachable(url);
    }
    if (!response.ok) throw await problemIn(response);
    return response;
  };
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
