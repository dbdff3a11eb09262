import type { App } from '@holdfast/shared/http/app';
import { bearer, buildTestApp, testSecret } from '@holdfast/shared/testing/api';
import type { Knex } from 'knex';
import type { DevConfig } from '../http/dev-users.ts';
import type { LedgerCheckConfig } from '../http/ledger-checks.ts';
import { routes } from '../http/routes.ts';

type ApiConfig = DevConfig & LedgerCheckConfig;
const config: ApiConfig = {
  HOLDFAST_DEV: true,
  JWT_SECRET: testSecret,
  DEFAULT_CURRENCY: 'KRW',
  LEDGER_CHECK_EVERY_MS: 86_400_000,
};

/** The service's API on a database. */
export const buildApi = (db: Knex, own: Partial<ApiConfig> = {}, wakeOutbox = () => {}): Promise<App> =>
  buildTestApp((app) => routes(app, { db, config: { ...config, ...own }, wakeOutbox }));

export type Call = { status: number; body: Record<string, unknown>; text: string };

/** Calls an API: as a user where one is named, with a JSON body where there is one. */
export async function call(
  app: App,
  method: 'GET' | 'POST',
  url: string,
  {
    userId,
    roles,
    key,
    body,
  }: { userId?: string; roles?: string[]; key?: string | undefined; body?: unknown } = {},
): Promise<Call> {
  const response = await app.inject({
    method,
    url,
    headers: {
      ...(userId !== undefined && (await bearer(userId, roles))),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: response.json(), text: response.body };
}
