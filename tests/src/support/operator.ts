import { type Answer, type CallOptions, call } from './client.ts';

/** An operator of the system, or a viewer, as the tests need them. */
export type TestOperator = {
  operatorId: string;
  accessToken: string;
  call: (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer>;
  get: (path: string) => Promise<Answer>;
  post: (path: string, body: unknown) => Promise<Answer>;
};

export async function newOperator(
  url: string,
  role: 'viewer' | 'operator' = 'operator',
): Promise<TestOperator> {
  const made = await call(url, 'POST', '/v1/dev/operators', { body: { name: 'Ann', role } });
  if (made.status !== 201) throw new Error(`no operator: ${made.status} ${JSON.stringify(made.body)}`);
  const { operatorId, accessToken } = made.body as { operatorId: string; accessToken: string };
  const send: TestOperator['call'] = (method, path, body, options) =>
    call(url, method, `/ops/v1${path}`, { accessToken, ...(body !== undefined && { body }), ...options });
  return {
    operatorId,
    accessToken,
    call: send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
  };
}
