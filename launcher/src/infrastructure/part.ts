import type { Supervised } from '../process/supervise.ts';

export type PartName = 'kafka' | 'postgres' | 'redis';
export type Source = 'environment' | 'containers' | 'embedded';
export type ContainerUse = 'never' | 'if possible' | 'always';

/** One running part of the infrastructure. */
export interface Part {
  name: PartName;
  source: Source;
  /** For Kafka its brokers, `host:port[,host:port…]`. */
  url: string;
  /** Only of an embedded part: it is supervised here. */
  process?: Supervised;
  stop(): Promise<void>;
}

export const partTitles: Record<PartName, string> = { kafka: 'Kafka', postgres: 'Postgres', redis: 'Redis' };
