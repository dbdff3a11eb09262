import type { Death } from '../../process/supervise.ts';
import type { Report } from '../../terminal/report.ts';
import type { ProxiedListener } from './kafka-properties.ts';
import type { Secure } from './secure.ts';
import type { User } from './user.ts';

/** What the three embedded parts share. */
export interface EmbeddedContext {
  /** Each part keeps its data in a folder of its own in here. */
  dataDir: string;
  /** Downloaded and unpacked programs, which several data directories may share. */
  cacheDir: string;
  logsDir: string;
  runDir: string;
  user: User | undefined;
  port: (usual: number) => Promise<number>;
  kafkaProxied: ProxiedListener | undefined;
  secure: Secure | undefined;
  report: Report;
  onDeath: (death: Death) => void;
  signal: AbortSignal;
}
