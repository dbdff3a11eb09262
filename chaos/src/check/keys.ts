import type { Facts, KeyRow, Request } from '../facts.ts';
import type { Violation } from './violation.ts';

/** The same idempotency key never had two effects, and was never answered in two ways. */
export function checkKeys({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, ids: readonly string[], look: string) =>
    violations.push({ promise: 'keys', what, ids, look });

  const charges = new Map<string, string>();
  for (const { kind, userId, chargeKey, entryId } of tables.ledger) {
    if (kind !== 'charge') continue;
    const name = `${userId} ${chargeKey}`;
    const other = charges.get(name);
    if (chargeKey === null) say('a charge has no key', [entryId], 'balance.ledger');
    else if (other) say('a key has two charges', [chargeKey, userId, other, entryId], 'balance.ledger');
    charges.set(name, entryId);
  }
  for (const type of ['pay', 'refund'] as const) {
    const ofType = [...tables.sagas.values()].flatMap((saga) => (saga.type === type ? [saga.sagaId] : []));
    const name = type === 'pay' ? 'payment' : 'refund';
    for (const [sagaId, count] of unmatched(ofType, tables.sagaKeys))
      say(
        count === 0 ? `a ${name} has no key` : `a ${name} has ${count} keys`,
        [sagaId],
        'orchestrator.idempotency_key',
      );
  }
  for (const { key, userId, of } of tables.sagaKeys)
    if (!tables.sagas.has(of)) say('a key has no saga', [key, userId, of], 'orchestrator.idempotency_key');

  for (const request of requests.writes) {
    if (request.key === undefined) continue;
    const ids = [request.key, request.userId];
    const effects = new Set(request.answers.flatMap(({ body }) => body?.sagaId ?? body?.chargeId ?? []));
    if (effects.size > 1)
      say(`a key had ${effects.size} effects`, [...ids, ...effects], `${request.operation}: idempotency_key`);
    const answers = new Set(finalAnswers(request));
    if (answers.size > 1)
      say(`a key was answered in ${answers.size} ways: ${[...answers].join(' | ')}`, ids, 'the history');
  }
  return violations;
}

/** Effects that don't have exactly one key, and how many they have. */
function unmatched(effects: readonly string[], keys: readonly KeyRow[]): [string, number][] {
  const counts = new Map(effects.map((effect) => [effect, 0]));
  for (const { of } of keys) counts.set(of, (counts.get(of) ?? 0) + 1);
  return effects.flatMap((effect): [string, number][] => {
    const count = counts.get(effect) as number;
    return count === 1 ? [] : [[effect, count]];
  });
}

/** What is remembered with a key: success, and a saga's refusal. Anything else may be another the next time. */
function finalAnswers({ answers }: Request): string[] {
  return answers.flatMap(({ status, body }) => {
    if (status === 201) return [JSON.stringify(body)];
    if (status >= 400 && body?.sagaId !== undefined) return [`${status} ${body.code} ${body.sagaId}`];
    return [];
  });
}
