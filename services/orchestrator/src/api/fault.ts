import type { Fault } from '@holdfast/shared/contracts/protocol';
import { problem } from '@holdfast/shared/http/problems';
import type { Saga } from '../engine/saga.ts';
import { commands } from '../sagas/definitions.ts';

const commandTypes = new Set(commands.map(({ type }) => type));

const faults: Record<string, Fault> = {
  reject: 'reject',
  timeout: 'timeout',
  'timeout-after': 'timeout-after',
  crash: 'crash-before',
  'crash-before': 'crash-before',
  'crash-after': 'crash-after',
};

/**
 * Reads `Holdfast-Fault: <service>.<command>=<fault>`; for the orchestrator itself, `orchestrator.<step>=crash-…`, with
 * `compensation` and `end` beside the steps' names.
 *
 * @throws Problem `faults-disabled`, or `validation`
 */
export function parseFault(header: string | undefined, enabled: boolean): Saga['fault'] {
  if (header === undefined) return undefined;
  if (!enabled) throw problem('faults-disabled', 'Holdfast-Fault needs HOLDFAST_FAULTS=1.');
  const [of = '', name = ''] = header.trim().split('=');
  const fault = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (!fault || !(commandTypes.has(of) || /^orchestrator\.[a-z-]+$/.test(of)))
    throw problem('validation', `Holdfast-Fault is <service>.<command>=${Object.keys(faults).join('|')}.`);
  return { of, fault };
}
