import { createHash, createHmac } from 'node:crypto';

/**
 * The token with this id. It can't be guessed without the secret, isn't stored anywhere, and can be told again.
 * 43 characters of base64url.
 */
export const tokenOf = (secret: string, tokenId: string): string =>
  createHmac('sha256', secret).update(tokenId).digest('base64url');

/** The only form in which a token is stored or sent to other services. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
