import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setupError } from '@holdfast/launcher/setup-error';

/** Short, or a process that has used its share up would stand still for long. */
const periodUs = 20_000;

/** Gives a process a share of one core and no more (Linux control groups, version 1 or 2; needs root). */
export function limitCpu(pid: number, share: number): { lift: () => void } {
  const quotaUs = Math.round(share * periodUs);
  const v1 = '/sys/fs/cgroup/cpu';
  const v2 = '/sys/fs/cgroup';
  const root = existsSync(join(v1, 'cpu.cfs_quota_us')) ? v1 : v2;
  const group = join(root, `holdfast-bench-${pid}`);
  try {
    mkdirSync(group);
    if (root === v1) {
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaUs));
    } else {
      writeFileSync(join(root, 'cgroup.subtree_control'), '+cpu');
      writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${periodUs}`);
    }
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch (error) {
    throw setupError(
      `No share of a core can be set here (${(error as Error).message}): Linux and root are needed`,
    );
  }
  return {
    lift: () => {
      // Empty once its process has ended.
      try {
        rmdirSync(group);
      } catch {
        writeFileSync(join(root, 'cgroup.procs'), String(pid));
        rmdirSync(group);
      }
    },
  };
}
