import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { paths } from './api.ts';

/**
 * The public API, one method for each HTTP method, with paths, parameters, headers and bodies as the OpenAPI documents
 * have them: `client.POST('/v1/payments', { params: { header }, body })`. It answers with `data` for a success, with
 * `error` (a problem, RFC 9457, whose `code` is one of those that this very request can be answered with) for anything
 * else, and always with the `response`. It throws only where no answer came.
 */
export type Client = FetchClient<paths>;

/**
 * A client of Holdfast, in Node or in a browser.
 *
 * @param options.url the gateway's origin
 * @param options.accessToken whose requests they are; it goes out as a header, never in an address
 * @param options.fetch instead of the platform's own
 */
export function createClient(options: {
  url: string;
  accessToken?: string | undefined;
  fetch?: (request: Request) => Promise<Response>;
}): Client {
  const { url, accessToken, fetch } = options;
  return createFetchClient<paths>({
    baseUrl: url,
    ...(accessToken !== undefined && { headers: { authorization: `Bearer ${accessToken}` } }),
    ...(fetch && { fetch }),
  });
}

/** A new Idempotency-Key: one for each thing that is to be done, however often it has to be asked for. */
export const newKey = (): string => crypto.randomUUID();
