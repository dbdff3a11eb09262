import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { signToken } from '@holdfast/shared/http/auth';
import { defaulted } from '@holdfast/shared/http/defaulted';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { v4 as uuidv4 } from 'uuid';
import type { Config } from '../config.ts';

const NewOperator = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: defaulted(Type.Enum(['viewer', 'operator'], { default: 'operator' })),
  },
  { additionalProperties: false },
);

const dayS = 24 * 3_600;

export type DevConfig = Pick<Config, 'HOLDFAST_DEV' | 'JWT_SECRET' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;

/** `POST /v1/dev/operators`: an operator's access token. For development only: whoever asks is given one. */
export function devOperatorRoute(app: App, config: DevConfig): void {
  const secret = config.JWT_SECRET;
  // Where another issuer's keys (JWKS_URL) sign access tokens, none can be made here.
  if (!config.HOLDFAST_DEV || !secret) return;

  app.post('/v1/dev/operators', {
    schema: {
      tags: ['development'],
      summary: 'Make an operator',
      body: NewOperator,
      response: {
        201: Type.Object({ operatorId: Uuid, accessToken: Type.String() }),
        ...problemResponses('validation'),
      },
    },
    handler: async ({ body }, reply) => {
      const operatorId = uuidv4();
      const accessToken = await signToken(secret, {
        userId: operatorId,
        name: body.name,
        roles: [body.role],
        expiresInS: dayS,
        ...(config.JWT_ISSUER && { issuer: config.JWT_ISSUER }),
        ...(config.JWT_AUDIENCE && { audience: config.JWT_AUDIENCE }),
      });
      return reply.code(201).send({ operatorId, accessToken });
    },
  });
}
