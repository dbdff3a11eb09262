import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';

/** Serves the OpenAPI 3.1 document of all routes that follow at `/docs/json`, and a page to try it at `/docs`. */
export async function documentRoutes(
  app: App,
  info: { title: string; description: string; version: string },
): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (![route.onRequest].flat().includes(app.authenticate)) return;
    route.schema = { ...route.schema, security: [{ bearer: [] }] };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn' });
}
