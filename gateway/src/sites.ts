import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { problem } from '@holdfast/shared/http/problems';
import type { FastifyInstance } from 'fastify';

/** Where the sites were built to. */
export type SiteDirs = { buyer: string; console: string };

// Everything comes from here and nothing else can run: an access token is in the page's reach.
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** The buyer's page has addresses of its own beside those of the API: a reload, or a link, begins at any of them. */
const buyerPages = ['/', '/concerts/*', '/reservations', '/reservations/*', '/balance'];

/** The buyer's page at `/`: its files, and the page itself at each of its addresses. */
export function buyerRoutes(app: FastifyInstance, { buyer: root }: SiteDirs): void {
  app.register(async (site) => {
    if (!isBuilt(root)) return;
    addHeaders(site);
    // Only its own folder is served: all other paths are the API's.
    site.register(fastifyStatic, { ...filesOf(root), serve: false });
    site.get('/icon.svg', (_request, reply) => reply.sendFile('icon.svg'));
    site.get<{ Params: { '*': string } }>('/assets/*', ({ params }, reply) =>
      reply.sendFile(`assets/${params['*']}`),
    );
    for (const page of buyerPages) site.get(page, (_request, reply) => reply.sendFile('index.html'));
  });
}

/** The operators' console at `/console`: its files, and its page for every address below. */
export function consoleRoutes(app: FastifyInstance, { console: root }: SiteDirs): void {
  app.register(
    async (site) => {
      addHeaders(site);
      if (isBuilt(root)) site.register(fastifyStatic, filesOf(root));
      site.setNotFoundHandler((request, reply) => {
        // Its pages have addresses of their own: a reload, or a link that somebody sent, begins at any of them.
        if (!isConsolePage(request.method, request.url) || !reply.sendFile) throw problem('route-not-found');
        return reply.sendFile('index.html');
      });
    },
    { prefix: '/console' },
  );
}

const isBuilt = (root: string): boolean => existsSync(join(root, 'index.html'));

function addHeaders(site: FastifyInstance): void {
  site.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}

const filesOf = (root: string) => ({
  root,
  cacheControl: false,
  setHeaders: (reply: { header: (name: string, value: string) => unknown }, path: string) =>
    reply.header('cache-control', cachingOf(path)),
});

/** A file under `assets` has its content's hash in its name. */
const cachingOf = (path: string) =>
  path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

const isConsolePage = (method: string, url: string) =>
  ['GET', 'HEAD'].includes(method) && !url.startsWith('/console/assets/');
