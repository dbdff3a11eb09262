import type { Request, Requests, SeatRow, SeatsRead } from '../facts.ts';
import type { Call, HistoryEntry } from '../history/history.ts';

/** The history as the checks need it: sendings of one request together, and no body larger than what it says. */
export async function collectRequests(
  history: Iterable<HistoryEntry> | AsyncIterable<HistoryEntry>,
): Promise<Requests> {
  const writes = new Map<string, Request & { answers: NonNullable<Call['answer']>[] }>();
  const reads: Requests['reads'][number][] = [];
  const seatReads: SeatsRead[] = [];
  const faults: Requests['faults'][number][] = [];
  const successes: number[] = [];
  const intern = interning();

  for await (const entry of history) {
    if (entry.kind === 'fault') {
      faults.push(entry);
      continue;
    }
    const { operation, userId, key, request, sentAt, answer } = entry;
    if (operation === 'read-seats') {
      if (answer?.status === 200) seatReads.push(seatsRead(sentAt, answer, intern));
      continue;
    }
    if (operation.startsWith('read-')) {
      if (answer) reads.push({ ...entry, answer });
      continue;
    }
    if (answer?.status === 201 && operation !== 'charge') successes.push(answer.at);
    // Without a key each sending is a request of its own (a cancellation too, which may be repeated); a key that is used
    // for something else is another one.
    const name =
      key === undefined ? `#${writes.size}` : `${userId} ${key} ${operation} ${JSON.stringify(request)}`;
    const known = writes.get(name);
    if (known) {
      known.sentAt = Math.min(known.sentAt, sentAt);
      if (answer) known.answers.push(answer);
      else known.unanswered++;
    } else {
      writes.set(name, {
        operation,
        userId,
        ...(key !== undefined && { key }),
        request,
        sentAt,
        answers: answer ? [answer] : [],
        unanswered: answer ? 0 : 1,
      });
    }
  }
  for (const { answers } of writes.values()) answers.sort((a, b) => a.at - b.at);
  return {
    writes: [...writes.values()],
    reads,
    seatReads,
    faults,
    successes: successes.sort((a, b) => a - b),
  };
}

type SeatItem = { concertSeatId: string; status: SeatRow['status'] };

function seatsRead(
  sentAt: number,
  { at, body }: NonNullable<Call['answer']>,
  intern: (text: string) => string,
): SeatsRead {
  const items = (body?.items ?? []) as SeatItem[];
  return {
    sentAt,
    at,
    seats: items.map(({ concertSeatId }) => intern(concertSeatId)),
    statuses: items.map(({ status }) => intern(status) as SeatRow['status']),
  };
}

/** One copy of each text: a map of a thousand seats is read thousands of times. */
function interning(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    known.set(text, text);
    return text;
  };
}
