import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { State } from './state.ts';
import { takeWebhook } from './webhook.ts';

const maxBodyBytes = 100_000;

/** `GET /sales`, `GET /notices`, `GET /health` and `POST /webhooks`. */
export function createHttp(options: {
  state: State;
  save: () => Promise<void>;
  secrets: readonly string[];
  ready: () => boolean;
}): Server {
  const { state, ready } = options;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case 'GET /sales':
        return answer(response, 200, { days: state.sales });
      case 'GET /notices':
        return answer(response, 200, { notices: state.notices });
      case 'GET /health':
        return answer(response, ready() ? 200 : 503, { ready: ready() });
      case 'POST /webhooks': {
        const body = await read(request);
        if (body !== undefined) return answer(response, await takeWebhook(options, request.headers, body));
        response.shouldKeepAlive = false;
        return answer(response, 413);
      }
      default:
        return answer(response, 404);
    }
  }

  return createServer((request, response) => {
    handle(request, response).catch((error) => {
      console.error(error);
      answer(response, 500);
    });
  });
}

function answer(response: ServerResponse, status: number, body?: object): void {
  if (body) response.setHeader('content-type', 'application/json');
  response.writeHead(status).end(body && JSON.stringify(body));
}

/** Undefined is more than anybody has to say: the rest of it stays where it is. */
const read = (request: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBodyBytes) chunks.push(chunk);
        else {
          request.pause();
          resolve(undefined);
        }
      })
      .on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
      .on('error', reject);
  });
