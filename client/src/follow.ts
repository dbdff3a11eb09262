import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { paths } from './api.ts';
import type { Client } from './client.ts';
import { problemIn } from './problem.ts';

type Stream<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'text/event-stream': infer Event } } } };
}
  ? Event
  : never;

/** The paths that send events. */
export type StreamPath = {
  [Path in keyof paths]: [Stream<Path>] extends [never] ? never : Path;
}[keyof paths];

/** What comes on a path: `{ event, data }`, told apart by `event`. */
export type StreamEvent<Path extends StreamPath> = Stream<Path>;

type Parameters<Path extends StreamPath> = paths[Path] extends { get: { parameters: infer P } } ? P : never;

/**
 * Follows a stream of server-sent events until it ends. It is read with fetch, since a browser's own EventSource can send
 * no access token.
 *
 * @param options.silenceMs silence, also without a comment, after which the connection counts as dead
 * @throws ApiProblem where it is refused; whatever fetch throws where the connection is lost
 */
export async function* follow<Path extends StreamPath>(
  client: Client,
  path: Path,
  options: { params: Parameters<Path>; signal?: AbortSignal; silenceMs?: number },
): AsyncGenerator<StreamEvent<Path>> {
  const { params, signal, silenceMs = 45_000 } = options;
  const silence = new AbortController();
  const end = () => silence.abort(signal?.reason);
  signal?.addEventListener('abort', end, { once: true });
  let timer = setTimeout(end, silenceMs);
  try {
    // What a path answers with can't be told while the path isn't known.
    const get = client.GET as (path: string, init: object) => Promise<OpenStream>;
    const answer = await get(path, {
      params,
      parseAs: 'stream',
      signal: silence.signal,
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
    });
    const problem = problemIn(answer);
    if (problem || !answer.data) throw problem ?? new Error('There is no stream in the answer.');
    const events = answer.data
      .pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform: (chunk, controller) => {
            clearTimeout(timer);
            timer = setTimeout(end, silenceMs);
            controller.enqueue(chunk);
          },
        }),
      )
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    for (let read = await events.read(); !read.done; read = await events.read()) {
      const { event, data } = read.value;
      yield { event, data: JSON.parse(data) } as StreamEvent<Path>;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    // Who stops listening in the middle closes the connection.
    silence.abort();
  }
}

type OpenStream = {
  data?: ReadableStream<Uint8Array<ArrayBuffer>>;
  error?: unknown;
  response: Response;
};
