import type { IncomingHttpHeaders } from 'node:http';
import { InvalidEvent, readWebhook } from '@holdfast/contracts';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { see } from './seen.ts';
import type { State } from './state.ts';

const maxNotices = 100;

/**
 * Takes a webhook: signed with one of the secrets and lately, or it is refused; and once, however often it comes.
 *
 * @param body the bytes that came, since these were signed
 * @returns the status to answer with
 */
export async function takeWebhook(
  { secrets, state, save }: { secrets: readonly string[]; state: State; save: () => Promise<void> },
  headers: IncomingHttpHeaders,
  body: string,
): Promise<204 | 401 | 422> {
  if (!secrets.some((secret) => isSigned(secret, headers, body))) return 401;
  // Within the minutes in which a signature is good, somebody may send what they have listened to.
  const fresh = see(state.taken, String(headers['webhook-id']));
  if (!fresh) return 204;
  try {
    const event = readWebhook(body);
    if (event) {
      const { id, type, time, subject } = event;
      state.notices.push({ id, type, time, ...(subject !== undefined && { subject }) });
      state.notices.splice(0, state.notices.length - maxNotices);
    }
  } catch (error) {
    if (error instanceof InvalidEvent) return 422;
    throw error;
  }
  await save();
  return 204;
}

function isSigned(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
