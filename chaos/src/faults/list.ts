import { crashPoints } from './crash-points.ts';
import type { Fault } from './fault.ts';
import { groupReset } from './groups.ts';
import { connections, externalApi, redisFlush, restarts } from './infrastructure.ts';
import { poison, replay } from './messages.ts';
import { kill, pause } from './processes.ts';

/** Every fault that is known. */
export const faults: readonly Fault[] = [
  kill,
  ...crashPoints,
  pause,
  ...restarts,
  redisFlush,
  ...connections,
  poison,
  replay,
  groupReset,
  ...externalApi,
];
