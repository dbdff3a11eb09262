import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from '@holdfast/launcher/running-service';
import type { Rig } from '../system/rig.ts';
import { lockLeaseMs, sessionTimeoutMs } from '../system/settings.ts';
import { atOnce, type Fault, forAWhile, type Stage } from './fault.ts';

/** Kills some process of the system; its supervisor starts it again. */
export const kill: Fault = {
  kind: 'kill',
  inject: (stage) => {
    const victim = pickRunning(stage, [...instances(stage.rig), stage.rig.system.gateway]);
    return atOnce(victim.name, () => victim.kill('SIGKILL'));
  },
};

/** Stops a process for longer than its group and its locks wait for it. It wakes up as a zombie. */
export const pause: Fault = {
  kind: 'pause',
  inject: (stage) => {
    const victim = pickRunning(stage, instances(stage.rig));
    return forAWhile(
      victim.name,
      () => victim.kill('SIGSTOP'),
      () => victim.kill('SIGCONT'),
      () => sleep(Math.max(sessionTimeoutMs, lockLeaseMs) + 1_500),
    );
  },
};

export const instances = ({ system }: Rig): RunningService[] => Object.values(system.services).flat();

function pickRunning({ random }: Stage, processes: RunningService[]): RunningService {
  const running = processes.filter(({ pid }) => pid !== undefined);
  return random.pick(running.length > 0 ? running : processes);
}
