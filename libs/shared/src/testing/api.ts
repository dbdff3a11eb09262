import type { CommonConfig } from '../config/common.ts';
import { type App, buildApp } from '../http/app.ts';
import { signToken } from '../http/auth.ts';
import { createLogger } from '../process/logger.ts';

/** What signs the access tokens that a test's API takes. */
export const testSecret = 'a secret for tests, of 32 characters and more';

/** The API of these routes, for `inject` or to listen. */
export const buildTestApp = (
  routes: (app: App) => void | Promise<void>,
  config: Pick<CommonConfig, 'TRUST_PROXY'> = {},
): Promise<App> =>
  buildApp({
    service: 'test',
    description: 'For tests',
    config: { JWT_SECRET: testSecret, MAX_REQUESTS_IN_FLIGHT: 1_000, ...config },
    checks: {},
    routes,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });

/** The header that says who the user is. */
export const bearer = async (
  userId: string,
  roles: readonly string[] = [],
): Promise<{ authorization: string }> => ({
  authorization: `Bearer ${await signToken(testSecret, { userId, roles, expiresInS: 600 })}`,
});
