import { describe, expect, test } from '@jest/globals';
import { serviceNames } from '../contracts/define.ts';
import { grantsOf, type Operation } from './access.ts';

const who = (operation: Operation, name: string): string[] =>
  serviceNames.filter((service) =>
    grantsOf(service).some((grant) => grant.name === name && grant.operations.includes(operation)),
  );

describe('in Kafka', () => {
  test.each(['reservation', 'payment', 'balance', 'token'] as const)(
    'commands for %s are given by the orchestrator alone, and taken by nobody else',
    (service) => {
      expect(who('write', `${service}.commands`)).toEqual(['orchestrator']);
      expect(who('read', `${service}.commands`)).toEqual([service]);
      expect(who('write', `${service}.commands.dlq`)).toEqual(['orchestrator', service]);
      expect(who('write', `${service}.events`)).toEqual(['orchestrator', service]);
      expect(who('read', service)).toEqual([service]);
    },
  );

  test('answers are read by the orchestrator alone, dead letters and the audit too', () => {
    expect(who('read', 'saga.replies')).toEqual(['orchestrator']);
    expect(who('read', 'balance.commands.dlq')).toEqual(['orchestrator']);
    expect(who('write', 'ops.audit')).toEqual(['orchestrator']);
  });

  test('a service may do exactly this', () => {
    const grants = grantsOf('balance').filter(({ operations }) => operations.join() !== 'describe');
    expect(grants.map(({ resource, name, operations }) => [resource, name, operations.join(' ')])).toEqual([
      ['topic', 'balance.commands', 'describe read'],
      ['topic', 'balance.commands.dlq', 'describe write'],
      ['topic', 'balance.events', 'describe write'],
      ['topic', 'saga.replies', 'describe write'],
      ['group', 'balance', 'read'],
    ]);
  });
});
