import type { Contract } from '../read.ts';
import type { Contracts } from './schemas.ts';

/**
 * What would break somebody, in words; nothing where the change is additive.
 *
 * Events stay on their topic and are read again from its beginning. So a change has to hold both ways: who knows the
 * published contract reads events that are made now, and who knows the one of now reads events that were made then. Only
 * types and optional properties that are new do both.
 */
export const breakingChanges = (published: Contracts, now: Contracts): string[] =>
  Object.entries(published).flatMap(([type, before]) => {
    const after = now[type];
    if (after) return changesOf(before, after).map((change) => `${type}: ${change}`);
    return before.retired === undefined ? [`${type}: it is gone`] : [];
  });

function changesOf(before: Contract, after: Contract): string[] {
  const moved = (['topic', 'key', 'dataschema'] as const).flatMap((what) =>
    before[what] === after[what] ? [] : [`its ${what} is ${after[what]} instead of ${before[what]}`],
  );
  return [...moved, ...compare(before.data as Schema, after.data as Schema, 'data')];
}

type Schema = {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

function compare(before: Schema, after: Schema, at: string): string[] {
  const { properties: old = {}, required: oldRequired = [], items: oldItems, ...rest } = before;
  const { properties: fresh = {}, required = [], items, ...freshRest } = after;
  const changes: string[] = [];
  const say = (what: string) => changes.push(`${at} ${what}`);

  for (const keyword of new Set([...Object.keys(rest), ...Object.keys(freshRest)]))
    if (canonical(rest[keyword], keyword) !== canonical(freshRest[keyword], keyword))
      say(`has ${keyword} ${shown(freshRest[keyword])} instead of ${shown(rest[keyword])}`);
  for (const [name, schema] of Object.entries(old)) {
    const now = fresh[name];
    const where = `${at}.${name}`;
    if (!now) changes.push(`${where} is gone`);
    else changes.push(...compare(schema, now, where));
    if (now && oldRequired.includes(name) !== required.includes(name))
      changes.push(`${where} has become ${required.includes(name) ? 'required' : 'optional'}`);
  }
  for (const name of required)
    if (!old[name]) changes.push(`${at}.${name} is new and required, and events of before lack it`);
  if (oldItems && items) changes.push(...compare(oldItems, items, `${at}[]`));
  else if (oldItems || items) say(`has ${items ? 'items' : 'no items'} of its own now`);
  return changes;
}

const annotations: ReadonlySet<string> = new Set(['$comment', 'description', 'examples', 'title']);

/** A keyword's value as text, without what is for people, and without an order where there is none. */
function canonical(value: unknown, keyword = ''): string {
  if (annotations.has(keyword)) return '';
  if (Array.isArray(value)) {
    const parts = value.map((part) => canonical(part));
    return `[${keyword === 'enum' || keyword === 'required' ? parts.sort() : parts}]`;
  }
  if (typeof value !== 'object' || value === null) return shown(value);
  const parts = Object.entries(value)
    // There they are names of properties.
    .filter(([name]) => keyword === 'properties' || !annotations.has(name))
    .map(([name, part]) => `${name}:${canonical(part, keyword === 'properties' ? '' : name)}`);
  return `{${parts.sort()}}`;
}

const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
