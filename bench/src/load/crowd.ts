import type { Answer, Ask } from './client.ts';
import { closedLoop } from './closed-loop.ts';
import { advance, newVisitor, proceed, type Seat, type Stage, stages, type Visitor } from './visitors.ts';

export type Outcome = 'accepted' | 'refused' | 'failed';

/** What was asked, and what came of it. */
export type Noted = { stage: Stage; outcome: Outcome; status: number; answer: Answer; latencyMs: number };

/** Refused is what may be sent again: it has changed nothing. Whatever else isn't a success is a failure. */
function outcomeOf({ status, code, retryAfter }: Omit<Answer, 'body'>): Outcome {
  if (status >= 200 && status < 300) return 'accepted';
  const refused = status === 429 || (status === 503 && (code === 'overloaded' || code === 'unavailable'));
  return refused && retryAfter !== undefined ? 'refused' : 'failed';
}

export type Crowd = {
  /** Whoever has waited longest makes his next request. False where nobody is left to. */
  arrive: (intendedAt: number) => boolean;
  underWay: () => number;
};

/** People who come again and again: who is refused tries the same again when it is his turn. */
export function gatherCrowd(
  ask: Ask,
  visitors: Visitor[],
  nextSeat: () => Seat,
  note: (noted: Noted) => void,
): Crowd {
  const idle = [...visitors];
  let head = 0;
  let underWay = 0;

  async function go(visitor: Visitor, intendedAt: number): Promise<void> {
    const answer = await proceed(ask, visitor);
    const outcome = outcomeOf(answer);
    note({
      stage: visitor.stage,
      outcome,
      status: answer.status,
      answer,
      latencyMs: performance.now() - intendedAt,
    });
    underWay--;
    if (outcome === 'accepted') idle.push(advance(visitor, answer, nextSeat));
    else idle.push(outcome === 'refused' ? visitor : newVisitor(visitor.accessToken, nextSeat()));
  }

  return {
    arrive: (intendedAt) => {
      const visitor = idle[head];
      if (!visitor) return false;
      head++;
      if (head === 10_000) {
        idle.splice(0, head);
        head = 0;
      }
      underWay++;
      void go(visitor, intendedAt);
      return true;
    },
    underWay: () => underWay,
  };
}

/** Signs so many users up and brings them on their way, each to another stage: or they would all pay at once. */
export async function signUp(ask: Ask, count: number, nextSeat: () => Seat): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  await closedLoop(Array(count).keys(), { atOnce: 8 }, async (i) => {
    for (;;) {
      const { status, body } = await ask(undefined, (client) =>
        client.POST('/v1/dev/users', { body: { name: `visitor ${i}` } }),
      );
      if (status !== 201) continue;
      let visitor = newVisitor(body.accessToken, nextSeat());
      for (const _ of stages.slice(0, i % stages.length)) {
        const answer = await proceed(ask, visitor);
        if (outcomeOf(answer) === 'accepted') visitor = advance(visitor, answer, nextSeat);
      }
      return void visitors.push(visitor);
    }
  });
  return visitors;
}
