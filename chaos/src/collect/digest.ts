import { createHash } from 'node:crypto';

/** Of what a payload says, whatever the order of its members: an inbox gives them back in another. 48 bits. */
export const payloadDigest = (data: unknown): number =>
  createHash('sha1').update(canonical(data)).digest().readUIntBE(0, 6);

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}
