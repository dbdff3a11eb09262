import Type, { type TSchema } from 'typebox';

/**
 * The answer of a route that sends server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * OpenAPI before 3.2 has no word for the items of a stream, so that by convention the schema is that of each event.
 *
 * @param events the schema of each event's data, which is JSON, by the event's name
 */
export function eventStream(description: string, events: Record<string, TSchema>) {
  const schema = Type.Union(
    Object.entries(events).map(([name, data]) =>
      Type.Object({
        event: Type.Enum([name]),
        data: Type.String({ contentMediaType: 'application/json', contentSchema: data }),
      }),
    ),
  );
  return { description, content: { 'text/event-stream': { schema } } };
}
