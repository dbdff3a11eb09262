import type { Contender } from './contender.ts';
import { startOwn } from './own-server.ts';

export const transaction: Contender = {
  name: 'transaction',
  title: 'One transaction',
  start: (options) => startOwn('transaction', options, async () => 0),
};
