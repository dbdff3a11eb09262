import type { StartSaga } from '@holdfast/orchestrator/api/start-saga';
import type { Saga } from '@holdfast/orchestrator/engine/saga';
import type { Token } from '@holdfast/token/state';
import type { World } from './world/world.ts';

/** An answer that a client was given. */
export type Answer = { key: string; sagaId: string; status: Saga['status'] | undefined };

export type LoadOptions = {
  world: World;
  orchestrators: readonly { api: StartSaga | undefined }[];
  users: readonly string[];
  seats: readonly string[];
  concertId: string;
  addToken: (token: Token) => void;
  charge: (userId: string, amount: number) => void;
  /** Whether the user was told that it is done. */
  cancel: (asked: { reservationId: string; userId: string }) => Promise<boolean>;
  journeys: number;
  forMs: number;
};

type Hold = { reservationId: string; concertSeatIds: string[] };

type Ask = {
  type: string;
  userId: string;
  context: (sagaId: string) => Record<string, unknown>;
};

/** Clients: each holds a seat, or several together, most then pay it, and some want their money
 * back; among them rivals, the impatient who ask twice, and the poor. */
export function startClients(options: LoadOptions): {
  answers: Answer[];
  /** Reservations that a user was told to have cancelled. */
  cancelled: string[];
  isDone: () => boolean;
} {
  const { world, users, seats, journeys } = options;
  const { random } = world;
  const browser = world.start('clients');
  const answers: Answer[] = [];
  const cancelled: string[] = [];
  let left = journeys;

  /** Asks until there is an answer, each time whichever orchestrator is there. */
  async function ask({ type, userId, context }: Ask): Promise<Answer | undefined> {
    const key = random.hex(16);
    for (let attempt = 1; attempt <= 6; attempt++) {
      const answer = await Promise.race([once(key), world.sleep(browser, 900)]);
      if (answer) return answer;
      await world.sleep(browser, random.between(10, 200));
    }
    return undefined;

    async function once(idempotencyKey: string): Promise<Answer | undefined> {
      const { api } = random.pick(options.orchestrators);
      if (!api) return undefined;
      const request = {
        type,
        userId,
        context,
        idempotencyKey,
        body: {},
        faults: {},
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        waitMs: 700,
        lockPatienceMs: random.pick([0, 0, 200]),
      };
      // Not `await`: an instance that dies never answers.
      return api(request).then(
        ({ sagaId, saga }) => {
          const answer = { key: idempotencyKey, sagaId, status: saga?.status };
          answers.push(answer);
          return answer;
        },
        () => undefined,
      );
    }
  }

  function token(userId: string, admits: { concertId: string } | { reservationId: string }): string {
    const tokenHash = random.hex(64);
    options.addToken({
      tokenId: random.uuid(),
      tokenHash,
      userId,
      concertId: null,
      reservationId: null,
      ...admits,
      status: 'ACTIVE',
      claimedBy: null,
      expiresAt: new Date(world.now() + 60_000),
    });
    return tokenHash;
  }

  /** Mostly one; where it is more, rivals want some of them and in whatever order. */
  function someOf(all: readonly string[]): string[] {
    const count = random.pick([1, 1, 1, 2, 3]);
    return [...new Set(Array.from({ length: count }, () => random.pick(all)))];
  }

  async function journey(): Promise<void> {
    await world.sleep(browser, random.between(0, options.forMs));
    const userId = random.pick(users);
    if (random.chance(0.2)) options.charge(userId, Math.floor(random.between(1, 20)));
    const tokenHash = token(userId, { concertId: options.concertId });
    const held = await Promise.all(
      Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => {
        const concertSeatIds = someOf(seats);
        return ask({
          type: 'reserve',
          userId,
          context: (sagaId) => ({ tokenHash, userId, concertSeatIds, reservationId: sagaId }),
        }).then((answer) =>
          answer?.status === 'COMPLETED' ? { reservationId: answer.sagaId, concertSeatIds } : undefined,
        );
      }),
    );
    for (const hold of held) {
      if (!hold) continue;
      if (random.chance(0.9)) await pay(userId, hold);
      else if (random.chance(0.5)) await cancel(userId, hold);
    }
  }

  /** Once it was told to be done, it stays so. */
  async function cancel(userId: string, { reservationId }: Hold): Promise<void> {
    const once = options.cancel({ reservationId, userId });
    if (await Promise.race([once, world.sleep(browser, 900)])) cancelled.push(reservationId);
  }

  /** Some ask twice at once, with a key each: only one of these refunds can be done. */
  async function refund(userId: string, hold: Hold): Promise<void> {
    const copies = random.chance(0.3) ? 2 : 1;
    await Promise.all(
      Array.from({ length: copies }, () =>
        ask({ type: 'refund', userId, context: () => ({ userId, ...hold }) }),
      ),
    );
  }

  async function pay(userId: string, hold: Hold): Promise<void> {
    if (random.chance(0.3)) await world.sleep(browser, random.between(0, 800));
    const tokens = [token(userId, { reservationId: hold.reservationId })];
    if (random.chance(0.3)) tokens.push(token(userId, { reservationId: hold.reservationId }));
    if (random.chance(0.1)) void cancel(userId, hold);
    const answers = await Promise.all(
      tokens.map((tokenHash) =>
        ask({
          type: 'pay',
          userId,
          context: () => ({ tokenHash, userId, ...hold, paymentId: random.uuid() }),
        }),
      ),
    );
    const paid = answers.some((answer) => answer?.status === 'COMPLETED');
    // Who has no answer, or was refused, asks all the same now and then.
    if (random.chance(paid ? 0.4 : 0.1)) await refund(userId, hold);
  }

  for (let i = 0; i < journeys; i++)
    void journey().then(() => {
      left--;
    });
  return { answers, cancelled, isDone: () => left === 0 };
}
