import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import type { User } from '@holdfast/shared/http/auth';
import { problemResponses } from '@holdfast/shared/http/problems';
import { requireOperator, requireViewer, roleOf } from '@holdfast/shared/http/roles';
import Type, { type Static } from 'typebox';

/** Who operates the system: whom the audit names. */
export const Operator = Type.Object({
  operatorId: Uuid,
  name: Type.Optional(Type.String({ description: "the access token's `name`" })),
});
export type Operator = Static<typeof Operator>;

export const operatorOf = ({ userId, name }: User): Operator => ({
  operatorId: userId,
  ...(name !== undefined && { name }),
});

/** Why something is changed: kept in the audit. */
export const Reason = Type.String({ minLength: 1, maxLength: 1_000, pattern: '^[^\\u0000]*$' });

/** `onRequest` of a route that reads, and of one that changes something. */
export const viewers = (app: App) => [app.authenticate, requireViewer];
export const operators = (app: App) => [app.authenticate, requireOperator];

/** The problems that any of these routes may answer with. */
export const commonProblems = ['validation', 'unauthenticated', 'forbidden', 'unavailable'] as const;

/** `GET /ops/v1/me`: who is asking, and what they may do. */
export function meRoute(app: App): void {
  app.get('/ops/v1/me', {
    onRequest: viewers(app),
    schema: {
      tags: ['operators'],
      summary: 'Who is asking, by the access token',
      response: {
        200: Type.Object({ ...Operator.properties, role: Type.Enum(['viewer', 'operator']) }),
        ...problemResponses('unauthenticated', 'forbidden'),
      },
    },
    handler: async ({ user }) => ({ ...operatorOf(user), role: roleOf(user) ?? 'viewer' }),
  });
}
