import type { Command } from '@holdfast/shared/contracts/define';
import type { Effect } from '@holdfast/shared/contracts/operations';
import { type CommandMessage, commandId, type Reply } from '@holdfast/shared/contracts/protocol';
import { closeSteps } from '@holdfast/shared/participant/close';
import { decide, type Handler, type Stored } from '@holdfast/shared/participant/decide';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paySaga } from '../sagas/pay.ts';
import { refundSaga } from '../sagas/refund.ts';
import { reserveSaga } from '../sagas/reserve.ts';
import { oneByOne, type SagaDefinition } from './definition.ts';
import { hasEnded, type Saga } from './saga.ts';
import {
  begin,
  type Input,
  type OperatorDecision,
  type Policy,
  type Send,
  type Transition,
  transition,
  unanswered,
} from './transition.ts';

/**
 * Random histories of one saga and its participants: commands and replies are delivered late, twice, out of order or
 * never; steps are refused; time runs out at any moment. Whatever happens, the saga's end must tell the truth.
 */

const policy: Policy = {
  step: { attempts: 2, firstMs: 10, maxMs: 100 },
  undo: { attempts: 3, firstMs: 10, maxMs: 100 },
};
const now = new Date(0);

/** The steps whose action has an effect now, by name; and how often each took effect at all. */
type World = {
  effects: Set<string>;
  ran: Map<string, number>;
  inbox: Map<string, Stored>;
  refuses: ReadonlySet<string>;
  commands: CommandMessage[];
  replies: Extract<Input, { kind: 'reply' }>[];
};

const result = {
  price: { amount: 100, currency: 'KRW' },
  concertId: '00000000-0000-7000-8000-000000000000',
  holdExpiresAt: now.toISOString(),
};

/** Participants that keep their effects in a set; they use the inbox as the real ones do. */
function handlersOf(definition: SagaDefinition, world: World): Map<string, Handler<World>> {
  const handlers = new Map<string, Handler<World>>();
  for (const { name, kind, command, undo } of definition.steps) {
    handlers.set(command.type, {
      kind: kind === 'read' ? 'read' : 'action',
      command,
      run: () => {
        if (world.refuses.has(name)) return { refused: 'no' };
        if (kind !== 'read') {
          world.effects.add(name);
          world.ran.set(name, (world.ran.get(name) ?? 0) + 1);
        }
        return { done: result };
      },
    });
    if (undo)
      handlers.set(undo.type, {
        kind: 'compensation',
        command: undo,
        run: () => {
          if (kind === 'pivot') return { effect: 'stands' };
          if (!world.effects.delete(name)) throw new Error(`${name} undone twice`);
          return { effect: 'undone' };
        },
      });
  }
  return handlers;
}

/** What the adversary does next; numbers pick among what is on its way. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), pick: fc.nat(), copy: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('reply' as const), pick: fc.nat(), copy: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('timeout' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

/** What operators decide, at any moment; `close` is a settlement that a crash cuts off after its participants' part. */
const decision = fc.record({ do: fc.constantFrom('retry', 'compensate', 'settle', 'close') });

function run(definition: SagaDefinition, history: readonly Event[], refuses: ReadonlySet<string>) {
  const env = { definition, policy, now };
  const world: World = {
    effects: new Set(),
    ran: new Map(),
    inbox: new Map(),
    refuses,
    commands: [],
    replies: [],
  };
  const handlers = handlersOf(definition, world);

  const send = (saga: Saga, sends: readonly Send[]): void => {
    for (const { step, action } of sends)
      world.commands.push({
        id: commandId(saga.sagaId, step.name, action),
        type: (action === 'do' ? step.command : (step.undo as Command)).type,
        sagaId: saga.sagaId,
        sagaNo: 1,
        step: step.name,
        action,
        payload: {},
      });
  };
  let saga: Saga;
  const endings: string[] = [];
  let effectsAtEnd: string[] = [];
  const apply = (moved: Transition | undefined): void => {
    if (!moved) return;
    if (hasEnded(moved.saga)) {
      endings.push(moved.saga.status);
      effectsAtEnd = [...world.effects].sort();
    }
    saga = moved.saga;
    send(saga, moved.sends);
  };
  const deliver = (command: CommandMessage): void => {
    const { decisions, rows } = decide(handlers, world, world.inbox, 0, [command]);
    for (const { id, stored } of rows) world.inbox.set(id, stored);
    for (const { reply } of decisions)
      world.replies.push({
        kind: 'reply',
        step: command.step,
        action: command.action,
        reply: reply as Reply,
      });
  };
  const decided = (what: OperatorDecision['do'] | 'close'): void => {
    if (what === 'retry' || what === 'compensate') {
      apply(transition(saga, { kind: 'operator', decision: { do: what } }, env));
      return;
    }
    // Nothing gets through for long, until it is parked.
    while (saga.status !== 'PARKED' && !hasEnded(saga)) apply(transition(saga, { kind: 'timeout' }, env));
    if (hasEnded(saga)) return;
    const steps = unanswered(saga, definition).map(({ step }) => step.name);
    const { effects, rows } = closeSteps(world.inbox, { sagaId: saga.sagaId, sagaNo: 1, steps });
    for (const { id, stored } of rows) world.inbox.set(id, stored);
    const byStep = Object.fromEntries(steps.map((name, i) => [name, effects[i] as Effect]));
    if (what === 'settle')
      apply(transition(saga, { kind: 'operator', decision: { do: 'settle', effects: byStep } }, env));
  };
  const take = <T>(from: T[], pick: number, keep: boolean): T | undefined => {
    if (from.length === 0) return undefined;
    const at = pick % from.length;
    return keep ? from[at] : from.splice(at, 1)[0];
  };

  const first = begin(
    {
      sagaId: 'saga',
      sagaNo: 1,
      type: definition.type,
      definitionVersion: 1,
      userId: 'user',
      traceparent: undefined,
      faults: {},
      context: {},
    },
    env,
  );
  saga = first.saga;
  send(saga, first.sends);

  for (const step of history) {
    if (step.do === 'deliver') {
      const command = take(world.commands, step.pick, step.copy);
      if (command) deliver(command);
    } else if (step.do === 'reply') {
      const reply = take(world.replies, step.pick, step.copy);
      if (reply) apply(transition(saga, reply, env));
    } else if (step.do === 'timeout') {
      if (saga.status !== 'PARKED') apply(transition(saga, { kind: 'timeout' }, env));
    } else if (step.do === 'lose') {
      take(world.commands, step.pick, false);
    } else if (step.do !== 'crash') {
      decided(step.do);
    } else {
      // A crash between commit and publish: what is without an answer is sent again.
      send(saga, unanswered(saga, definition));
    }
  }
  const early = structuredClone({ status: saga.status, effects: [...world.effects] });

  // From here on the network is fair: all that is asked gets through, and what is without an answer is asked again.
  for (let round = 0; round < 40 && !hasEnded(saga); round++) {
    send(saga, unanswered(saga, definition));
    for (const command of world.commands.splice(0)) deliver(command);
    for (const reply of world.replies.splice(0)) apply(transition(saga, reply, env));
  }
  // One whose compensations were closed is settled in the end.
  for (let round = 0; round < 3 && !hasEnded(saga); round++) decided('settle');
  // And what is still on its way comes when all is over.
  for (const command of world.commands.splice(0)) deliver(command);
  return { saga, world, endings, early, effectsAtEnd };
}

type Event =
  | { do: 'deliver' | 'reply'; pick: number; copy: boolean }
  | { do: 'timeout' | 'crash' }
  | { do: 'lose'; pick: number }
  | { do: OperatorDecision['do'] | 'close' };

const historyOf = fc.array(event, { maxLength: 60 });
const operatedHistoryOf = fc.array(
  fc.oneof({ weight: 12, arbitrary: event }, { weight: 1, arbitrary: decision }),
  { maxLength: 80 },
);

describe.each([paySaga, oneByOne(paySaga, 1), reserveSaga, refundSaga])(
  '$type@$version, whatever the network does',
  (definition) => {
    const refusals = fc.subarray(
      definition.steps.map(({ name }) => name),
      { maxLength: 2 },
    );
    const changing = definition.steps.filter(({ kind }) => kind !== 'read').map(({ name }) => name);

    test('ends once, either with all of its effects or with none', () => {
      fc.assert(
        fc.property(historyOf, refusals, (history, refused) => {
          const { saga, world, endings } = run(definition, history, new Set(refused));
          expect(endings).toHaveLength(1);
          expect([...world.effects].sort()).toEqual(saga.status === 'COMPLETED' ? [...changing].sort() : []);
          expect(saga.status === 'COMPENSATED').toBe(saga.failure !== undefined);
        }),
        { numRuns: 3_000 },
      );
    });

    test('runs no action twice', () => {
      fc.assert(
        fc.property(historyOf, refusals, (history, refused) => {
          const { world } = run(definition, history, new Set(refused));
          for (const times of world.ran.values()) expect(times).toBe(1);
        }),
        { numRuns: 1_000 },
      );
    });

    test('is over only when its effects are settled', () => {
      fc.assert(
        fc.property(historyOf, refusals, (history, refused) => {
          const { early } = run(definition, history, new Set(refused));
          if (early.status === 'COMPENSATED') expect(early.effects).toEqual([]);
          if (early.status === 'COMPLETED') expect(early.effects.sort()).toEqual([...changing].sort());
        }),
        { numRuns: 2_000 },
      );
    });

    test('also where operators decide, it ends once and its end tells what stands', () => {
      const ends = new Set<string>();
      fc.assert(
        fc.property(operatedHistoryOf, refusals, (history, refused) => {
          const { saga, world, endings, effectsAtEnd } = run(
            definition,
            history as Event[],
            new Set(refused),
          );
          expect(endings).toHaveLength(1);
          const standing = definition.steps.flatMap(({ name }, i) =>
            saga.steps[i]?.status === 'DONE' && saga.steps[i]?.did ? [name] : [],
          );
          const told = { COMPLETED: changing, COMPENSATED: [], SETTLED: standing }[endings[0] as 'SETTLED'];
          const effects = [...world.effects].sort();
          expect(effects).toEqual([...told].sort());
          // Nothing that came later has changed anything.
          expect(effects).toEqual(effectsAtEnd);
          if (saga.status === 'SETTLED') expect(standing).not.toEqual([]);
          for (const times of world.ran.values()) expect(times).toBe(1);
          ends.add(saga.status);
        }),
        { numRuns: 3_000 },
      );
      expect([...ends].sort()).toEqual(['COMPENSATED', 'COMPLETED', 'SETTLED']);
    });
  },
);
