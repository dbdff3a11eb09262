import type { Command } from '@holdfast/shared/contracts/define';
import type { SagaDefinition } from '../engine/definition.ts';
import type { Saga } from '../engine/saga.ts';
import { paySaga } from './pay.ts';
import { refundSaga } from './refund.ts';
import { reserveSaga } from './reserve.ts';

/** Every definition by which a saga may be in flight: an old version stays until its last saga has ended. */
const definitions: readonly SagaDefinition[] = [reserveSaga, paySaga, refundSaga];

const byName = new Map(
  definitions.map((definition) => [nameOf(definition.type, definition.version), definition]),
);

function nameOf(type: string, version: number): string {
  return `${type}@${version}`;
}

/** @throws when the saga began by a definition that this build doesn't have */
export function definitionOf({
  type,
  definitionVersion,
}: Pick<Saga, 'type' | 'definitionVersion'>): SagaDefinition {
  const definition = byName.get(nameOf(type, definitionVersion));
  if (!definition) throw new Error(`no definition ${nameOf(type, definitionVersion)} in this build`);
  return definition;
}

/** All commands that a reply may come for. */
export const commands: readonly Command[] = definitions.flatMap(({ steps, afterCommit }) => [
  ...steps.flatMap(({ command, undo }) => (undo ? [command, undo] : [command])),
  ...afterCommit.flatMap((after) => ('command' in after ? [after.command] : [])),
]);
