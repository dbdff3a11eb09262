import { setTimeout as sleep } from 'node:timers/promises';
import type { Saga, User } from '@holdfast/client/types';
import type { Answer } from './client.ts';
import type { Holdfast } from './holdfast.ts';

const hasEnded = ({ ok, body }: Answer<Saga>): boolean =>
  ok && (body.status === 'COMPLETED' || body.status === 'COMPENSATED');

/** Asks for a saga until it has ended or `deadline` (ms since the epoch) is over. @returns the last answer */
export async function untilEnded(
  api: Holdfast,
  user: User,
  sagaId: string,
  deadline: number,
): Promise<Answer<Saga> & { ended: boolean }> {
  for (;;) {
    const answer = await api.saga(user, sagaId);
    const ended = hasEnded(answer);
    if (ended || Date.now() > deadline) return { ...answer, ended };
    await sleep(300);
  }
}
