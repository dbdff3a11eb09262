import { serviceNames } from '@holdfast/shared/contracts/define';
import type { FastifyInstance } from 'fastify';
import type { Forward } from './forward.ts';

/** Each service describes itself; here is where to find them all. */
export function documentationRoutes(app: FastifyInstance, forward: Forward): void {
  app.get('/docs', (_request, reply) => reply.redirect('/docs/'));
  app.get('/docs/', (_request, reply) => reply.type('text/html; charset=utf-8').send(landingPage));

  for (const service of serviceNames) {
    const prefix = `/docs/${service}`;
    // The page's own links are relative to a folder.
    app.get(prefix, (_request, reply) => reply.redirect(`${prefix}/`));
    app.get(`${prefix}/*`, (request, reply) =>
      forward(service, `/docs${request.url.slice(prefix.length)}`, reply),
    );
    app.get(`/openapi/${service}.json`, (_request, reply) => forward(service, '/docs/json', reply));
  }
}

const landingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Holdfast</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem }</style>
<h1>Holdfast</h1>
<p>The ticketing back end that never sells a seat twice and never loses a cent.</p>
<ul>
${serviceNames
  .map(
    (service) =>
      `<li>${service}: <a href="/docs/${service}/">try it</a>, <a href="/openapi/${service}.json">OpenAPI</a></li>`,
  )
  .join('\n')}
</ul>
<p><a href="/">The buyer's page</a></p>
<p><a href="/console/">The operators' console</a></p>
<p><a href="/health/ready">Is everything ready?</a></p>
`;
