import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';

/** JSON that many ask for: compressed once for all of them, in the encodings that they ask for. */
export type Encoded = {
  hash: string;
  bytes: number;
  as: (encoding: Encoding) => Promise<Buffer>;
};

type Encoding = (typeof encodings)[number];
/** The best first. */
const encodings = ['br', 'gzip', 'identity'] as const;

/** For a route's schema. */
export const encodedHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'ETags of what the client has' })),
});
export const notModified = Type.Null({ description: 'The client has it as it is.' });

/** @param quality of Brotli, 0 to 11: each step takes more time than the one before, and from 6 on saves little */
export function encoded(json: string, quality: number): Encoded {
  const plain = Buffer.from(json);
  const made = new Map<Encoding, Promise<Buffer>>();
  return {
    hash: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    bytes: plain.length,
    as: (encoding) => {
      const body = made.get(encoding) ?? compress[encoding](plain, quality);
      made.set(encoding, body);
      return body;
    },
  };
}

const compress: Record<Encoding, (plain: Buffer, quality: number) => Promise<Buffer>> = {
  br: (plain, quality) =>
    promisify(brotliCompress)(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
  gzip: (plain) => promisify(gzip)(plain, { level: 6 }),
  identity: async (plain) => plain,
};

/**
 * Answers with what the client's `Accept-Encoding` likes best, or with 304 where it has just that (RFC 9110, 13.1.2). Each
 * encoding has an ETag of its own, since strong ones mean the same bytes.
 *
 * @param headers.cacheControl whose caches may keep it, and for how long
 * @param headers.vary what else the answer depends on
 */
export async function sendEncoded(
  { headers: asked }: FastifyRequest,
  reply: FastifyReply,
  body: Encoded,
  headers: { cacheControl: string; vary?: string },
): Promise<FastifyReply> {
  const accepted = asked['accept-encoding'];
  const encoding = (negotiate([accepted].join(), [...encodings]) ?? 'identity') as Encoding;
  const etag = `"${body.hash}-${encoding}"`;
  reply.headers({
    etag,
    'cache-control': headers.cacheControl,
    vary: ['accept-encoding', headers.vary].filter(Boolean).join(', '),
  });
  if (isAmong(etag, asked['if-none-match'])) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type('application/json; charset=utf-8').send(await body.as(encoding));
}

const isAmong = (etag: string, list: string | undefined): boolean =>
  list?.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim())) ?? false;
