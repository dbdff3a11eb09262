import type { FastifyRequest } from 'fastify';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose';
import { validate as isUuid } from 'uuid';
import type { CommonConfig } from '../config/common.ts';
import { type Problem, problem } from './problems.ts';

/** Who sends a request, by its access token. */
export type User = {
  readonly userId: string;
  readonly roles: readonly string[];
  /** What the issuer calls them, if it says. */
  readonly name?: string;
};

export type AuthConfig = Pick<CommonConfig, 'JWT_SECRET' | 'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;

export type Authenticate = (request: FastifyRequest) => Promise<void>;

/**
 * A hook that sets `request.user` from the bearer token (RFC 6750): a JWT that is signed with JWT_SECRET or by a key
 * of JWKS_URL, hasn't expired, and has a UUID as its subject.
 *
 * @throws (the hook) Problem `unauthenticated`, or `unavailable` while the keys can't be had
 */
export function authenticator(config: AuthConfig): Authenticate {
  const verify = verifier(config);
  return async (request) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw problem('unauthenticated', 'The Authorization header has to carry a bearer token.');
    request.user = userOf(await verify(token));
  };
}

/**
 * A token of HS256, for the development endpoint and tests.
 *
 * @param token.expiresInS seconds until it expires
 */
export async function signToken(
  secret: string,
  token: {
    userId: string;
    roles?: readonly string[];
    name?: string;
    expiresInS: number;
    issuer?: string;
    audience?: string;
  },
): Promise<string> {
  const jwt = new SignJWT({ roles: token.roles ?? [], ...(token.name && { name: token.name }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(token.userId)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + token.expiresInS * 1_000));
  if (token.issuer) jwt.setIssuer(token.issuer);
  if (token.audience) jwt.setAudience(token.audience);
  return await jwt.sign(new TextEncoder().encode(secret));
}

function verifier(config: AuthConfig): (token: string) => Promise<JWTPayload> {
  const expected: JWTVerifyOptions = {
    requiredClaims: ['exp', 'sub'],
    ...(config.JWT_ISSUER && { issuer: config.JWT_ISSUER }),
    ...(config.JWT_AUDIENCE && { audience: config.JWT_AUDIENCE }),
  };
  const verify = config.JWKS_URL
    ? verifierOfKeySet(new URL(config.JWKS_URL), expected)
    : verifierOfSecret(config.JWT_SECRET, expected);
  return async (token) => {
    try {
      return (await verify(token)).payload;
    } catch (error) {
      throw refusal(error);
    }
  };
}

// The algorithms are named for each kind of key: by its own word, a token could be signed with a public key as secret.

function verifierOfKeySet(url: URL, expected: JWTVerifyOptions) {
  const keys = createRemoteJWKSet(url, { timeoutDuration: 3_000 });
  return (token: string) =>
    jwtVerify(token, keys, { ...expected, algorithms: ['RS256', 'ES256', 'EdDSA', 'Ed25519'] });
}

function verifierOfSecret(secret: string | undefined, expected: JWTVerifyOptions) {
  if (!secret) throw new Error('either JWT_SECRET or JWKS_URL has to be set');
  const key = new TextEncoder().encode(secret);
  return (token: string) => jwtVerify(token, key, { ...expected, algorithms: ['HS256'] });
}

/** The issuer's key set can't be had: not the client's fault. */
const keySetFailures = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code];

function refusal(error: unknown): Problem {
  if (!(error instanceof errors.JOSEError) || keySetFailures.includes(error.code)) {
    return problem('unavailable', 'The keys of access tokens cannot be fetched.', { retryAfter: 1 });
  }
  const expired = error instanceof errors.JWTExpired;
  return problem('unauthenticated', `The access token ${expired ? 'has expired' : 'is not valid'}.`);
}

function userOf({ sub, roles, name }: JWTPayload): User {
  if (!sub || !isUuid(sub)) throw problem('unauthenticated', "The access token's subject is not a UUID.");
  return {
    // Postgres gives UUIDs in lower case, and they are compared as text.
    userId: sub.toLowerCase(),
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    ...(typeof name === 'string' && name !== '' && { name: name.slice(0, 100) }),
  };
}
