import type { Command } from '@holdfast/shared/contracts/define';
import { type CommandMessage, commandId, occurred } from '@holdfast/shared/contracts/protocol';
import type { OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeCommand, encodeEvent } from '@holdfast/shared/messaging/protocol';
import type { SagaDefinition } from '../engine/definition.ts';
import type { Saga } from '../engine/saga.ts';
import { type Send, unanswered } from '../engine/transition.ts';
import { traceparentOfSaga } from './trace.ts';

/** What a saga sends, as records. The same each time, ids included, so that sending again is always safe. */

export const commandRecords = (saga: Saga, sends: readonly Send[]): OutgoingRecord[] =>
  sends.map((send) => {
    const { command, payload } = commandOf(saga, send);
    return commandRecord(saga, send.step.name, send.action, command, payload);
  });

export function commandOf(
  { context }: Pick<Saga, 'context'>,
  { step, action }: Send,
): { command: Command; payload: Record<string, unknown> } {
  const sent = step.send(context);
  if (action === 'do') return { command: step.command, payload: sent };
  const undo = step.undo as Command;
  const names = Object.keys(undo.payload.properties);
  return { command: undo, payload: Object.fromEntries(names.map((name) => [name, sent[name]])) };
}

/** What follows a completed saga. */
export function endRecords(saga: Saga, definition: SagaDefinition): OutgoingRecord[] {
  if (saga.status !== 'COMPLETED') return [];
  return definition.afterCommit.map((after) => {
    if ('command' in after)
      return commandRecord(saga, after.name, 'do', after.command, after.send(saga.context), true);
    const event = occurred(after.event, after.data(saga.context) as never);
    return encodeEvent('orchestrator', `${saga.sagaId}/${event.type}`, event, traceparentOfSaga(saga));
  });
}

/** All that may have been lost: what is without an answer, or the end. */
export const outstandingRecords = (saga: Saga, definition: SagaDefinition): OutgoingRecord[] => [
  ...commandRecords(saga, unanswered(saga, definition)),
  ...endRecords(saga, definition),
];

function commandRecord(
  saga: Saga,
  step: string,
  action: 'do' | 'undo',
  command: Command,
  payload: Record<string, unknown>,
  oneWay = false,
): OutgoingRecord {
  const message: CommandMessage = {
    id: commandId(saga.sagaId, step, action),
    type: command.type,
    sagaId: saga.sagaId,
    sagaNo: saga.sagaNo,
    step,
    action,
    payload,
  };
  if (oneWay) message.oneWay = true;
  const traceparent = traceparentOfSaga(saga);
  if (traceparent) message.traceparent = traceparent;
  const fault = saga.faults[command.type];
  if (fault) message.fault = fault;
  return encodeCommand(command, message);
}
