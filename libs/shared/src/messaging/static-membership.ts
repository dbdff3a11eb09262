import { createRequire } from 'node:module';

/** What a request of kafkajs is made by: its version, then its fields. */
type Protocol = (version: unknown) => (fields: { groupId: string }) => unknown;

const require = createRequire(import.meta.url);

/** By group, what this process is in it. */
const instances = new Map<string, string>();

/**
 * Makes this process a static member of a group (KIP-345): whoever joins by the name of a member that was killed takes its
 * place and has its partitions at once, where others wait until the dead one's session has run out. A living one that is
 * replaced so is told, and gives up. kafkajs can encode that name, but has no option for it (tulios/kafkajs#884).
 */
export function joinAs(groupId: string, instanceId: string): void {
  instances.set(groupId, instanceId);
}

for (const name of ['joinGroup', 'syncGroup', 'heartbeat', 'leaveGroup']) {
  const request = require(`kafkajs/src/protocol/requests/${name}/index.js`) as { protocol: Protocol };
  const { protocol } = request;
  request.protocol = (version) => {
    const make = protocol(version);
    return (fields) => make({ ...fields, groupInstanceId: instances.get(fields.groupId) } as typeof fields);
  };
}
