import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';
import { problemResponses } from './problems.ts';

/** What may happen to a body before anybody looks into it. */
const bodyProblems = problemResponses('payload-too-large', 'unsupported-media-type');

const anyRequest = `Whatever isn't HTTP/1.1 is answered with 400, what takes too long to arrive with 408, headers that are
too large with 431, a method that a path doesn't have with 405 and \`Allow\`: all of them problems as well.`;

/** Serves the OpenAPI 3.1 document of all routes that follow at `/docs/json`, and a page to try it at `/docs`. */
export async function documentRoutes(
  app: App,
  info: { title: string; description: string; version: string },
): Promise<void> {
  app.addHook('onRoute', (route) => {
    const { schema, method } = route;
    if (schema?.response && method !== 'GET' && method !== 'HEAD')
      route.schema = { ...schema, response: { ...bodyProblems, ...schema.response } };
  });
  app.addHook('onRoute', (route) => {
    if (![route.onRequest].flat().includes(app.authenticate)) return;
    route.schema = { ...route.schema, security: [{ bearer: [] }] };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...info, description: `${info.description}\n\n${anyRequest}` },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn' });
}
