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
export function redisTls(url: string, caFile: string | undefined): { tls?: { ca?: Buffer } } {
  if (!url.startsWith('rediss://')) return {};
  return { tls: caFile === undefined ? {} : { ca: readFileSync(caFile) } };
}
