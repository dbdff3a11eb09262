import type { Command } from '@holdfast/shared/contracts/define';
import type { SagaDefinition } from '../engine/definition.ts';
import type { Saga } from '../engine/saga.ts';
import { allDefinitions } from './all.ts';

/** What a saga's row says of its definition. */
export type DefinitionKey = Pick<Saga, 'type' | 'definitionVersion'>;

export type Definitions = {
  /** Undefined where the saga began by a definition that this build doesn't have. */
  find: (saga: DefinitionKey) => SagaDefinition | undefined;
  /** @throws when the saga began by a definition that this build doesn't have */
  definitionOf: (saga: DefinitionKey) => SagaDefinition;
  keys: readonly DefinitionKey[];
  /** All commands that a reply may come for. */
  commands: readonly Command[];
};

export function definitionsOf(list: readonly SagaDefinition[]): Definitions {
  const byName = new Map(list.map((definition) => [nameOf(definition.type, definition.version), definition]));
  const find: Definitions['find'] = ({ type, definitionVersion }) =>
    byName.get(nameOf(type, definitionVersion));
  return {
    find,
    definitionOf: (saga) => {
      const definition = find(saga);
      if (definition) return definition;
      throw new Error(`no definition ${nameOf(saga.type, saga.definitionVersion)} in this build`);
    },
    keys: list.map(({ type, version }) => ({ type, definitionVersion: version })),
    commands: list.flatMap(({ steps, afterCommit }) => [
      ...steps.flatMap(({ command, undo }) => (undo ? [command, undo] : [command])),
      ...afterCommit.flatMap((after) => ('command' in after ? [after.command] : [])),
    ]),
  };
}

/**
 * By which definition a saga of each type begins: the newest, unless `older` names another (`pay@1`), as it does while
 * instances run that don't know the newest.
 *
 * @throws when `older` names one that isn't in the list
 */
export function beginningBy(
  list: readonly SagaDefinition[],
  older: readonly string[] = [],
): (type: string) => SagaDefinition {
  const chosen = new Map<string, SagaDefinition>();
  for (const definition of list)
    if (definition.version > (chosen.get(definition.type)?.version ?? 0))
      chosen.set(definition.type, definition);
  for (const name of older) {
    const definition = list.find(({ type, version }) => nameOf(type, version) === name);
    if (!definition) throw new Error(`no definition ${name} in this build, by which sagas are to begin`);
    chosen.set(definition.type, definition);
  }
  return (type) => {
    const definition = chosen.get(type);
    if (!definition) throw new Error(`no saga is called ${type}`);
    return definition;
  };
}

const nameOf = (type: string, version: number): string => `${type}@${version}`;

/** Those of this build. */
export const definitions = definitionsOf(allDefinitions);
export const { definitionOf, commands } = definitions;
