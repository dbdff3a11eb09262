import { randomInt } from 'node:crypto';
import getPort from 'get-port';
import { setupError } from './setup-error.ts';

/** The preferred port, or a free one if it is taken. */
export function portNear(preferred: number): Promise<number> {
  return getPort({ port: [preferred, ...randomPorts()] });
}

export function freePort(): Promise<number> {
  return getPort({ port: randomPorts() });
}

/** The very port that was asked for, since people and scripts know it by its number. */
export async function requirePort(port: number): Promise<number> {
  if ((await getPort({ port })) === port) return port;
  throw setupError(`Port ${port} is in use: stop what listens there, or choose another with PORT=<port>`);
}

// Below the ports that outgoing connections take, so that none of those slips in before we listen; at random,
// so that systems started at once in several processes don't all settle on the same one.
function randomPorts(): number[] {
  return Array.from({ length: 20 }, () => randomInt(20_000, 32_000));
}
