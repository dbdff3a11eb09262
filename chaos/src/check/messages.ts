import { reads } from '../collect/messages.ts';
import { topicsRead } from '../collect/offsets.ts';
import {
  type CommandSeen,
  type DeadLetter,
  type Facts,
  type Inbox,
  nameOf,
  type Participant,
} from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/** Nothing on the topics is neither processed nor dead-lettered, and what has one id says one thing. */
export function checkMessages({ requests, tables, messages }: Facts): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, ids: readonly string[], look: string) =>
    violations.push({ promise: 'messages', what, ids, look });

  for (const service of Object.keys(messages.commands) as Participant[]) {
    const inbox = tables.inboxes[service];
    for (const [id, command] of messages.commands[service]) {
      if (command.differs) say('one id, two payloads', [id], `${service}.commands`);
      const saga = tables.sagas.get(id.slice(0, 36));
      if (!saga) say('a command of a saga that does not exist', [id], `${service}.commands`);
      else if (saga.sagaNo !== command.sagaNo)
        say(`a command has number ${command.sagaNo}, its saga ${saga.sagaNo}`, [id], `${service}.commands`);
      if (isOpen(id, command, inbox) && !messages.deadLettered.has(id))
        say(
          'a command was neither processed nor dead-lettered',
          [id],
          `${service}.inbox, ${service}.commands`,
        );
      const unanswered = isAnswered(id, command, inbox) && !messages.replies.has(id);
      if (unanswered) say('a command was processed, and its reply never published', [id], 'saga.replies');
    }
    for (const id of inbox.rows.keys())
      if (inbox.rows.get(id) !== 'tombstone' && !messages.commands[service].has(id))
        say('the inbox has a command that was never sent', [id], `${service}.inbox`);
  }
  for (const [id, { differs, sagaId, step, action }] of messages.replies) {
    if (differs) say('one id, two answers', [`${id}/reply`], 'saga.replies');
    const saga = tables.sagas.get(sagaId);
    const status = saga?.steps.find(({ name }) => name === step)?.status;
    // What is sent after a saga's end is no step of it, and gets no reply.
    if (!saga || !status) say('a reply of a saga, or a step, that does not exist', [id], 'saga.replies');
    else if (status === 'PENDING' || (status === 'SENT' && action === 'do'))
      say(`a reply didn't move its saga: the step is ${status}`, [id], `orchestrator.saga ${sagaId}`);
    else if (action === 'undo' && status !== 'UNDONE' && status !== 'DONE' && saga.status !== 'PARKED')
      say(`an undo's reply didn't move its saga: the step is ${status}`, [id], `orchestrator.saga ${sagaId}`);
  }
  for (const [id, { differs, type }] of messages.events)
    if (differs) say('one id, two events', [id], `${type.split('.')[0]}.events`);
  for (const { group, topic, partition, committed, end } of messages.offsets)
    if (committed < end)
      say(`${group} is ${end - committed} records behind`, [`${topic}/${partition}`], 'the service');
  return [...violations, ...checkDeadLetters({ requests, messages })];
}

/** Whether a command has left no trace where it should have. */
function isOpen(id: string, { type, sagaNo, oneWay, fault }: CommandSeen, { floor, rows }: Inbox): boolean {
  if (reads.has(type) || rows.has(id)) return false;
  // Forgotten by now; what nobody waits for is done below the floor as well, and forgotten in its turn.
  if (sagaNo < floor) return false;
  return !(fault && !oneWay);
}

const isAnswered = (id: string, { sagaNo, oneWay, fault }: CommandSeen, { floor, rows }: Inbox): boolean =>
  !oneWay && !fault && sagaNo >= floor && rows.has(id) && rows.get(id) !== 'tombstone';

/** All poison that somebody should have read is among the dead letters, as it was, and nothing else without a cause. */
function checkDeadLetters({ requests, messages }: Pick<Facts, 'requests' | 'messages'>): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, { at }: Pick<DeadLetter, 'at'>, ids: readonly string[] = []) =>
    violations.push({ promise: 'messages', what, ids: [nameOf(at), ...ids], look: at.topic });

  const buried = new Set(messages.deadLetters.flatMap(({ source }) => (source ? [nameOf(source)] : [])));
  const poison = new Set(messages.poison.map(({ at }) => nameOf(at)));
  for (const { at, why } of messages.poison)
    if (topicsRead.has(at.topic) && !buried.has(nameOf(at)))
      say(`poison isn't among the dead letters: ${why}`, { at });

  const injections = requests.faults.filter(({ fault }) => fault === 'poison').length;
  const found = groupBy(messages.poison, ({ at }) => at.topic);
  for (const topic of topicsRead)
    if ((found.get(topic)?.length ?? 0) < injections)
      violations.push({
        promise: 'messages',
        what: `poison was injected ${injections} times, and somebody can read it`,
        ids: [topic],
        look: topic,
      });
  for (const letter of messages.deadLetters) {
    const { source, group, errorClass, error, faithful } = letter;
    if (!source) {
      say("a dead letter doesn't name its source", letter);
      continue;
    }
    if (faithful === undefined) say("a dead letter's source isn't there", letter, [nameOf(source)]);
    if (faithful === false) say("a dead letter isn't what its source was", letter, [nameOf(source)]);
    // An external API that fails for as long as it is tried is no fault of the message.
    if (!poison.has(nameOf(source)) && group !== 'external-api')
      say(`a good message was dead-lettered: ${errorClass} ${error.slice(0, 120)}`, letter, [nameOf(source)]);
  }
  return violations;
}
