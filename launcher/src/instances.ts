import { forEachService, type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import { freePort, portNear } from './ports.ts';

/** Where each listens in development, if nothing else does. */
const usualPorts: Record<ServiceName, number> = {
  orchestrator: 8081,
  reservation: 8082,
  payment: 8083,
  balance: 8084,
  token: 8085,
};

/** One process of a service: where it will listen is settled before it starts, so that others can be told. */
export interface Instance {
  service: ServiceName;
  name: string;
  port: number;
  url: string;
}

export type Instances = Record<ServiceName, Instance[]>;

export async function planInstances(
  counts: Partial<Record<ServiceName, number>>,
  ports: 'usual' | 'free',
): Promise<Instances> {
  const instances: Instances = forEachService(() => []);
  for (const service of serviceNames) {
    for (let number = 1; number <= (counts[service] ?? 1); number += 1) {
      const port = ports === 'usual' && number === 1 ? await portNear(usualPorts[service]) : await freePort();
      instances[service].push({
        service,
        name: number === 1 ? service : `${service}-${number}`,
        port,
        url: `http://127.0.0.1:${port}`,
      });
    }
  }
  return instances;
}
