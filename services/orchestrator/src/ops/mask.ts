import { catalogue } from '@holdfast/shared/contracts/catalogue';
import type { Role } from '@holdfast/shared/http/roles';
import { commandsTopic, eventsTopic } from '@holdfast/shared/messaging/topics';

/** What a viewer doesn't get to see: whose something is, what is on their account, and what admits them. */
const personal = new Set(['userId', 'tokenHash', 'tokenId', 'balance']);

/** A few characters stay, to tell one from another. */
export const maskText = (text: string): string => `${text.slice(0, 4)}…`;

/** A copy in which personal properties are masked, however deep; as it is for an operator. */
export function maskFor<Value>(role: Role, value: Value): Value {
  return role === 'operator' ? value : (masked(value) as Value);
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      !personal.has(name) ? masked(member) : typeof member === 'string' ? maskText(member) : '…',
    ]),
  );
}

/** The topics whose keys are personal. */
const personalTopics = new Set(
  catalogue.flatMap(({ service, commands, events }) => [
    ...(commands.some(({ key }) => personal.has(key)) ? [commandsTopic(service)] : []),
    ...(events.some(({ key }) => personal.has(key)) ? [eventsTopic(service)] : []),
  ]),
);

/** A message's key, or a header that repeats it. */
export const maskKeyFor = (role: Role, topic: string, key: string): string =>
  role === 'viewer' && personalTopics.has(topic) ? maskText(key) : key;
