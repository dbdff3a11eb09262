import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { problem } from '@holdfast/shared/http/problems';
import type { FastifyInstance } from 'fastify';

// Everything comes from here and nothing else can run: an access token is in the page's reach.
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** The operators' console at `/console`: the files that `siteDir` holds, and its page for every address below. */
export function consoleRoutes(app: FastifyInstance, siteDir: string): void {
  app.register(
    async (site) => {
      site.addHook('onRequest', async (_request, reply) => {
        reply.headers(headers);
      });
      if (existsSync(join(siteDir, 'index.html')))
        site.register(fastifyStatic, {
          root: siteDir,
          cacheControl: false,
          setHeaders: (reply, path) => reply.header('cache-control', cachingOf(path)),
        });
      site.setNotFoundHandler((request, reply) => {
        // Its pages have addresses of their own: a reload, or a link that somebody sent, begins at any of them.
        if (!isPage(request.method, request.url) || !reply.sendFile) throw problem('route-not-found');
        return reply.sendFile('index.html');
      });
    },
    { prefix: '/console' },
  );
}

/** A file under `assets` has its content's hash in its name. */
const cachingOf = (path: string) =>
  path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

const isPage = (method: string, url: string) =>
  ['GET', 'HEAD'].includes(method) && !url.startsWith('/console/assets/');
