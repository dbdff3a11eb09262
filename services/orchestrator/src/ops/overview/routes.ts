import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import { commonProblems, viewers } from '../operator.ts';
import { pending } from '../pending.ts';
import { Overview } from './shapes.ts';

const tags = ['overview'];

export function overviewRoutes(app: App): void {
  app.get('/ops/v1/overview', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'How the system is doing',
      response: { 200: Overview, ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });

  app.get('/ops/v1/overview/events', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'The same every second, as server-sent events',
      description:
        'Events are named `overview`; their data is the body of GET /ops/v1/overview. The access token goes in the ' +
        'Authorization header as ever, which takes fetch instead of EventSource.',
      response: {
        200: {
          description: 'until the client leaves',
          content: { 'text/event-stream': { schema: Overview } },
        },
        ...problemResponses(...commonProblems, 'overloaded'),
      },
    },
    handler: pending,
  });
}
