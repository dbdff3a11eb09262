import { readFileSync } from 'node:fs';
import Type from 'typebox';

export const redisUrl = (description: string) =>
  Type.String({
    pattern: '^rediss?://',
    writeOnly: true,
    description: `${description}: redis://user:password@host:port, or rediss:// for TLS`,
  });

export const redisTlsCa = Type.Optional(
  Type.String({
    format: 'readable-file',
    description:
      "file with the CA of Redis' certificates, PEM, for rediss:// URLs; unset: the CAs that Node knows",
  }),
);

/** What ioredis needs to know besides the URL; it is the URL that decides whether there is TLS. */
export function redisTls(url: string, caFile?: string): { tls?: { ca?: Buffer } } {
  if (!url.startsWith('rediss://')) return {};
  return { tls: caFile === undefined ? {} : { ca: readFileSync(caFile) } };
}

/** That Redis is away is told by readiness, again and again; that it doesn't let us in, only an operator can mend. */
export const levelOfRedisFault = ({ message }: Error): 'debug' | 'error' =>
  /^(WRONGPASS|NOAUTH|NOPERM)|certificate|altnames/i.test(message) ? 'error' : 'debug';
