import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { socketFactory } from './socket.ts';

// Its own parts: what is to be shown is how kafkajs's connection takes what a socket gives it.
const require = createRequire(import.meta.url);
const Connection = require('kafkajs/src/network/connection.js');

let server: Server;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A broker that answers each request with its correlation id and `text`, in the way of `send`. */
async function broker(text: string, send: (socket: Socket, answer: Buffer, connection: number) => void) {
  let connections = 0;
  server = createServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      const body = Buffer.concat([request.subarray(8, 12), Buffer.from(text)]);
      const size = Buffer.alloc(4);
      size.writeInt32BE(body.length);
      send(socket, Buffer.concat([size, body]), connection);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const nothing = () => undefined;
  const silent = { namespace: () => silent, info: nothing, debug: nothing, warn: nothing, error: nothing };
  return new Connection({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    logger: silent,
    socketFactory,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
  });
}

const Encoder = require('kafkajs/src/protocol/encoder.js');
const request = { apiKey: 0, apiVersion: 0, apiName: 'Test', encode: async () => new Encoder() };
const response = {
  decode: async (payload: Buffer) => payload,
  parse: async (payload: Buffer) => String(payload),
};

// biome-ignore lint/suspicious/noExplicitAny: kafkajs's own has no types
async function ask(connection: any): Promise<string> {
  await connection.connect();
  return connection.send({ request, response });
}

test('after a connection that broke in the middle of an answer, the next is understood', async () => {
  const connection = await broker('as it should be', (socket, answer, number) => {
    if (number > 1) socket.write(answer);
    else socket.write(answer.subarray(0, 9), () => socket.end());
  });
  await expect(ask(connection)).rejects.toThrow('Closed connection');
  expect(await ask(connection)).toBe('as it should be');
  await connection.disconnect();
});

test('answers that come byte by byte are taken as they are', async () => {
  const connection = await broker('slowly', (socket, answer) => {
    for (const byte of answer) socket.write(Buffer.from([byte]));
  });
  expect([await ask(connection), await ask(connection)]).toEqual(['slowly', 'slowly']);
  await connection.disconnect();
});
