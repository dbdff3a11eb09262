import type { Infrastructure } from '@holdfast/launcher/infrastructure/start';
import type { Report } from '@holdfast/launcher/terminal/report';
import type { Hold, Payment } from '../prepare.ts';

/** An HTTP request; all of them are POSTs of JSON. */
export type Call = { path: string; headers: Record<string, string>; body: string };

/** What does the job, one of those that are compared. */
export type Contender = {
  name: ContenderName;
  title: string;
  /** Starts it with nothing stored. */
  start: (options: StartOptions) => Promise<Running>;
};

export const contenderNames = ['holdfast', 'transaction', 'dbos', 'restate'] as const;
export type ContenderName = (typeof contenderNames)[number];

export type StartOptions = {
  infrastructure: Infrastructure;
  /** Its own, for data and logs. */
  dataDir: string;
  /** A name that no run had before: of its database, and the prefix of its topics. */
  run: string;
  /** Whether to let requests fail on demand. */
  faults: boolean;
  /** Of each of Holdfast's services; the others are one process. */
  instances: number;
  /** Past the gateway, where it has one. */
  direct: boolean;
  /** Whether its processes shall let themselves be profiled. */
  inspect: boolean;
  report: Report;
  signal: AbortSignal;
};

export type Running = {
  url: string;
  /** The administrator's, to the database that it keeps its tables in. */
  databaseUrl: string;
  pay: (payment: Payment, options: { fails: boolean }) => Promise<Call> | Call;
  hold: (hold: Hold) => Promise<Call> | Call;
  /** Its own processes by name, as the roots of theirs: those of Postgres, Kafka and Redis are the infrastructure's. */
  pids: () => Record<string, number[]>;
  /** What of the infrastructure works for it. */
  uses: readonly ('kafka' | 'postgres' | 'redis')[];
  /** Where the inspectors of its processes listen, by name. */
  inspectors: Record<string, number>;
  /** Sagas that have not ended yet. */
  unfinished: () => Promise<number>;
  /** Kills a participant, or its only process. @returns which */
  kill: () => string;
  stop: () => Promise<void>;
};
