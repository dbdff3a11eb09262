import { Currency, Uuid } from '@holdfast/shared/contracts/values';
import type { Database } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { signToken } from '@holdfast/shared/http/auth';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { v4 as uuidv4 } from 'uuid';
import type { Config } from '../config.ts';
import { insertAccount } from '../rows.ts';

const NewUser = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), currency: Type.Optional(Currency) },
  { additionalProperties: false },
);

const dayS = 24 * 3_600;

export type DevConfig = Pick<
  Config,
  'HOLDFAST_DEV' | 'JWT_SECRET' | 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'DEFAULT_CURRENCY'
>;

/**
 * `POST /v1/dev/users`: makes a user with an account. For development only: whoever asks is given an access token. Its
 * name is checked and forgotten, for nothing here needs to know it.
 */
export function devUserRoutes(app: App, { db, config }: { db: Database; config: DevConfig }): void {
  const secret = config.JWT_SECRET;
  // Where another issuer's keys (JWKS_URL) sign access tokens, none can be made here.
  if (!config.HOLDFAST_DEV || !secret) return;

  app.post('/v1/dev/users', {
    schema: {
      tags: ['development'],
      summary: 'Make a user with an account',
      body: NewUser,
      response: {
        201: Type.Object({ userId: Uuid, accessToken: Type.String() }),
        ...problemResponses('validation', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ body }, reply) => {
      const userId = uuidv4();
      await insertAccount(db, { userId, currency: body.currency ?? config.DEFAULT_CURRENCY });
      const accessToken = await signToken(secret, {
        userId,
        expiresInS: dayS,
        ...(config.JWT_ISSUER && { issuer: config.JWT_ISSUER }),
        ...(config.JWT_AUDIENCE && { audience: config.JWT_AUDIENCE }),
      });
      return reply.code(201).send({ userId, accessToken });
    },
  });
}
