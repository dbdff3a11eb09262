import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { seeded } from '../random.ts';
import { startProxy, type TcpProxy } from './proxy.ts';

/** A server that sends back what it gets, behind a proxy. */
let server: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy(() => (server.address() as AddressInfo).port, seeded(1));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  server.close();
});

async function connect() {
  const client = dial(proxy.port, '127.0.0.1');
  clients.push(client);
  let received = '';
  let lost = false;
  client.on('data', (chunk) => {
    received += chunk;
  });
  client.on('error', () => undefined);
  client.on('close', () => {
    lost = true;
  });
  // Where the connection is cut it may be reset before it is made.
  await once(client, 'connect').catch(() => undefined);
  return { client, received: () => received, lost: () => lost };
}

async function until(is: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!is()) {
    if (Date.now() > deadline) throw new Error('it did not come true');
    await sleep(10);
  }
}

test('passes everything on, in order and however large', async () => {
  const { client, received } = await connect();
  const text = 'Holdfast '.repeat(200_000);
  client.write(text);
  await until(() => received().length === text.length);
  expect(received()).toBe(text);
});

test('cut: what is connected is reset, and so is who comes', async () => {
  const before = await connect();
  proxy.set('cut');
  const after = await connect();
  await until(() => before.lost() && after.lost());

  proxy.set('pass');
  const again = await connect();
  again.client.write('back');
  await until(() => again.received() === 'back');
});

test('hang: nothing gets through and nobody is told; afterwards nothing is missing', async () => {
  const { client, received, lost } = await connect();
  proxy.set('hang');
  client.write('one ');
  client.write('two ');
  await sleep(200);
  expect(received()).toBe('');
  expect(lost()).toBe(false);
  proxy.set('pass');
  client.write('three');
  await until(() => received() === 'one two three');
});

test('slow: it takes longer, each way', async () => {
  const { client, received } = await connect();
  proxy.set('slow');
  const startedAt = performance.now();
  client.write('slowly');
  await until(() => received() === 'slowly');
  expect(performance.now() - startedAt).toBeGreaterThan(290);
});

test('drop: the connection is reset in the middle of what is sent', async () => {
  const { client, received, lost } = await connect();
  proxy.set('drop');
  const text = 'x'.repeat(100_000);
  client.write(text);
  await until(lost);
  expect(received().length).toBeLessThan(text.length);
});
