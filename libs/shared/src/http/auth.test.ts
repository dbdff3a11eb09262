import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { type AuthConfig, authenticator, signToken, type User } from './auth.ts';

const secret = 'a secret of more than thirty-two characters';
const userId = '3f8c2a4e-0000-4000-8000-00000000abcd';
const key = new TextEncoder().encode(secret);

async function authenticate(token: string, config: AuthConfig = { JWT_SECRET: secret }): Promise<User> {
  const request = { headers: { authorization: `Bearer ${token}` } } as FastifyRequest;
  await authenticator(config)(request);
  return request.user;
}

const signed = (claims: Record<string, unknown>, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).setExpirationTime('1 minute').sign(key);

describe('with a secret', () => {
  test('a good token says who the user is', async () => {
    const token = await signToken(secret, { userId, roles: ['operator'], expiresInS: 60 });
    expect(await authenticate(token)).toEqual({ userId, roles: ['operator'] });
  });

  test('roles that are no list of strings are none; the id is in lower case', async () => {
    const token = await signed({ sub: userId.toUpperCase(), roles: 'operator' });
    expect(await authenticate(token)).toEqual({ userId, roles: [] });
  });

  test.each([
    ['another secret', () => signToken(`${secret}!`, { userId, expiresInS: 60 })],
    ['no signature', async () => new UnsecuredJWT({ sub: userId }).setExpirationTime('1 minute').encode()],
    ['another algorithm', () => signed({ sub: userId }, 'HS512')],
    ['an end in the past', () => signToken(secret, { userId, expiresInS: -1 })],
    ['no end', () => new SignJWT({ sub: userId }).setProtectedHeader({ alg: 'HS256' }).sign(key)],
    ['a subject that is no UUID', () => signed({ sub: 'alice' })],
    ['no subject', () => signed({})],
    ['an empty text', async () => ''],
    ['nonsense', async () => 'a.b.c'],
  ])('a token with %s is refused', async (_, token) => {
    await expect(authenticate(await token())).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  test('issuer and audience have to match if they are given', async () => {
    const expected = { JWT_SECRET: secret, JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'holdfast' };
    const claims = { issuer: expected.JWT_ISSUER, audience: expected.JWT_AUDIENCE };
    const good = await signToken(secret, { userId, expiresInS: 60, ...claims });
    const bad = await signToken(secret, { userId, expiresInS: 60, ...claims, audience: 'another' });
    expect((await authenticate(good, expected)).userId).toBe(userId);
    await expect(authenticate(bad, expected)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('with a key set', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let server: Server;
  let config: AuthConfig;

  beforeAll(async () => {
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }];
    server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    config = { JWKS_URL: `http://127.0.0.1:${(server.address() as { port: number }).port}/keys` };
  });
  afterAll(() => void server.close());

  const claims = () => new SignJWT({ sub: userId }).setExpirationTime('1 minute');

  test('a token by one of its keys is good', async () => {
    const token = await claims().setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
    expect((await authenticate(token, config)).userId).toBe(userId);
  });

  test('a token by an unknown key, or one that takes the public key for a secret, is refused', async () => {
    const unknown = await claims().setProtectedHeader({ alg: 'RS256', kid: 'two' }).sign(privateKey);
    const publicPem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
    const confused = await claims().setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(publicPem);
    for (const token of [unknown, confused]) {
      await expect(authenticate(token, config)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('while the key set cannot be had, the fault is not the client’s', async () => {
    const token = await claims().setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
    await expect(authenticate(token, { JWKS_URL: 'http://127.0.0.1:1/keys' })).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 1,
    });
  });
});
