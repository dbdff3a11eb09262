import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { portNear, requirePort } from './ports.ts';

let taken: number;
let server: Server;

beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  taken = (server.address() as AddressInfo).port;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

test('a port that is free is the one that is used', async () => {
  await new Promise((resolve) => server.close(resolve));
  expect(await portNear(taken)).toBe(taken);
});

test('instead of a port that is taken, a free one is used', async () => {
  expect(await portNear(taken)).not.toBe(taken);
});

test('a port that has to be the one is refused in one line that says what to do', async () => {
  await expect(requirePort(taken)).rejects.toThrow(`Port ${taken} is in use: stop what listens there`);
});
