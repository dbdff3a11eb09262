type Heard = {
  id: string | undefined;
  event: string;
  data: { changes: [number, string][]; position: string };
};

/** Follows a seat map as a client does. */
export async function followSeatMap(mapUrl: string, options: { after?: string; lastEventId?: string } = {}) {
  const leaving = new AbortController();
  const url = new URL(`${mapUrl}/events`);
  if (options.after !== undefined) url.searchParams.set('after', options.after);
  const response = await fetch(url, {
    headers: options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId },
    signal: leaving.signal,
  });
  let text = '';
  let ended = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk);
  })()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  const events = (): Heard[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const [, id, event, data] = /^(?:id: (.*)\n)?event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        return event ? [{ id, event, data: JSON.parse(data as string) }] : [];
      });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
    text: () => text,
    events,
    /** What the seats are by now, as they were told. */
    statuses: () => new Map(events().flatMap(({ data }) => data.changes ?? [])),
    hasEnded: () => ended,
    leave: async () => {
      leaving.abort();
      await reading;
    },
  };
}
