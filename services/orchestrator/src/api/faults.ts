import type { Fault } from '@holdfast/shared/contracts/protocol';
import { problem } from '@holdfast/shared/http/problems';
import type { Saga } from '../engine/saga.ts';
import { commands } from '../sagas/definitions.ts';

const commandTypes = new Set(commands.map(({ type }) => type));

const kinds: Record<string, Fault> = {
  reject: 'reject',
  timeout: 'timeout',
  'timeout-after': 'timeout-after',
  crash: 'crash-before',
  'crash-before': 'crash-before',
  'crash-after': 'crash-after',
  'crash-after-publish': 'crash-after-publish',
  'crash-before-offset': 'crash-before-offset',
};

/**
 * Reads `Holdfast-Fault: <service>.<command>=<fault>`, or several of them with commas between; for the orchestrator
 * itself, `orchestrator.<step>=crash-…`, with `compensation` and `end` beside the steps' names.
 *
 * @throws Problem `faults-disabled`, or `validation`
 */
export function parseFaults(header: string | undefined, enabled: boolean): Saga['faults'] {
  if (header === undefined) return {};
  if (!enabled) throw problem('faults-disabled', 'Holdfast-Fault needs HOLDFAST_FAULTS=1.');
  return Object.fromEntries(header.split(',').map((one) => parse(one.trim())));
}

function parse(text: string): [string, Fault] {
  const [of = '', kind = ''] = text.split('=');
  const fault = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (fault && (commandTypes.has(of) || /^orchestrator\.[a-z-]+$/.test(of))) return [of, fault];
  throw problem('validation', `Holdfast-Fault is <service>.<command>=${Object.keys(kinds).join('|')}.`);
}
