import { randomUUID } from 'node:crypto';
import type { Paid } from '@holdfast/client/types';
import type { Answer } from '../api/client.ts';
import { isFinal, persist } from '../api/persist.ts';
import { untilEnded } from '../api/until-ended.ts';
import { accountOf } from '../journal.ts';
import type { Hold } from '../verdicts/facts.ts';
import { noteCharge, told } from './arrive.ts';
import type { Guest, Storm } from './storm.ts';

const twiceShare = 0.25;
const topUpShare = 0.5;
const payAgainShare = 0.2;

/** Pays a hold: some fail first, for want of money or by a fault, and some of those try again. */
export async function payFor(storm: Storm, guest: Guest, hold: Hold): Promise<void> {
  const { api, payFaults } = storm;
  const { user, random } = guest;
  const issued = await persist(() =>
    api.issueToken(user, { reservationId: hold.reservationId }, { expect: ['201'] }),
  );
  if (!issued.ok) return;
  const { token } = issued.body;
  const pay = (step: string, outcome: string, fault?: string) =>
    sendPayment(storm, guest, hold, token, { step, outcome, fault });

  if (guest.poor) {
    await pay('pay, with too little', '402 insufficient-balance');
    // Who doesn't top up keeps the seat until the hold expires.
    if (!random.chance(topUpShare)) return;
    await topUp(storm, guest, hold);
  }
  const fault = payFaults.draw();
  if (fault) {
    const failed = await pay('pay, with a fault', fault.ends, fault.header);
    if (failed.ok) return;
  }
  const paid = await pay('pay', '201');
  if (paid.ok && random.chance(payAgainShare)) await pay('pay, with a used token', '403 token-not-active');
}

/** Sends a payment, or twice at once with one key, and notes what the user is told. */
async function sendPayment(
  { api, journal }: Storm,
  { user, random }: Guest,
  hold: Hold,
  token: string,
  { step, outcome, fault }: { step: string; outcome: string; fault: string | undefined },
): Promise<Answer<Paid>> {
  const options = { key: randomUUID(), fault, step, expect: [outcome, '409 seat-locked'] };
  // Rivals who ask for the seat lock it for a moment. Such a refusal isn't what the key stands for.
  const send = () =>
    persist(() => api.pay(user, token, hold.reservationId, options), {
      again: ['409 seat-locked'],
      ended: async (sagaId) => (await untilEnded(api, user, sagaId, Date.now() + 60_000)).ended,
    });
  const [answer, copy] = await Promise.all(random.chance(twiceShare) ? [send(), send()] : [send()]);
  if (copy) journal.repeats.push({ of: step, answers: [told(answer), told(copy)] });

  if (!isFinal(answer)) accountOf(journal, user).unanswered++;
  for (const { ok, body } of [answer, ...(copy ? [copy] : [])])
    if (ok) {
      const { paymentId, amount, currency } = body;
      const { concertSeatIds } = hold;
      journal.sales.set(paymentId, {
        paymentId,
        userId: user.userId,
        concertSeatIds,
        price: { amount, currency },
      });
    }
  return answer;
}

async function topUp({ api, journal, wanted }: Storm, { user }: Guest, hold: Hold): Promise<void> {
  const prices = wanted.flatMap(({ concertSeatId, price }) =>
    hold.concertSeatIds.includes(concertSeatId) ? [price] : [],
  );
  if (!prices[0]) return;
  const price = { ...prices[0], amount: prices.reduce((sum, { amount }) => sum + amount, 0) };
  const key = randomUUID();
  noteCharge(journal, user, price, await persist(() => api.charge(user, price, { key, expect: ['201'] })));
}
