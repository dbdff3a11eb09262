import type { FastifyRequest } from 'fastify';
import { problem } from './problems.ts';

/** The operators' roles, in an access token's `roles`: a viewer reads, an operator reads and changes. */
const roles = ['viewer', 'operator'] as const;
export type Role = (typeof roles)[number];

/** What the token's roles amount to; undefined for a user of the public API. */
export const roleOf = ({ roles }: { roles: readonly string[] }): Role | undefined =>
  roles.includes('operator') ? 'operator' : roles.includes('viewer') ? 'viewer' : undefined;

/**
 * Hooks for a route's `onRequest`, after `app.authenticate`: a user's token is never enough.
 *
 * @throws (the hooks) Problem `forbidden`
 */
export async function requireViewer({ user }: FastifyRequest): Promise<void> {
  if (!roleOf(user))
    throw problem('forbidden', 'This is for operators: the access token names no such role.');
}

export async function requireOperator({ user }: FastifyRequest): Promise<void> {
  if (roleOf(user) !== 'operator') throw problem('forbidden', 'This takes the role operator.');
}
