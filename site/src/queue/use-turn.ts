import type { Client } from '@holdfast/client/client';
import { follow } from '@holdfast/client/follow';
import { ApiProblem, dataOf } from '@holdfast/client/problem';
import type { Place } from '@holdfast/client/types';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from '../api/connection.tsx';
import { pause } from '../ui/pause.ts';

/** One's place in a concert's queue, as far as it is known. */
export type Turn = {
  place: Place | undefined;
  /** Why it can't be told, where trying again by itself makes no sense. */
  error: unknown;
  /** Whether a turn was over and the queue was joined again. */
  wasOver: boolean;
  /** Joins the queue again: the turn is over, or the token has done its work. */
  joinAgain: () => void;
};

/** Joins the queue and follows one's place, for as long as it takes. */
export function useTurn(concertId: string): Turn {
  const client = useClient();
  const [state, setState] = useState<Pick<Turn, 'place' | 'error'>>({ place: undefined, error: undefined });
  const [joins, setJoins] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `joins` is counted to join again
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const onPlace = (place: Place) => {
      if (!signal.aborted) setState({ place, error: undefined });
    };
    waitForTurn(client, concertId, { signal, onPlace }).catch((error) => {
      if (!signal.aborted) setState((before) => ({ ...before, error }));
    });
    return () => ended.abort();
  }, [client, concertId, joins]);

  const joinAgain = useCallback(() => {
    setState({ place: undefined, error: undefined });
    setJoins((times) => times + 1);
  }, []);
  return { ...state, wasOver: joins > 0, joinAgain };
}

type Listener = { signal: AbortSignal; onPlace: (place: Place) => void };

/** Who asks again has the same token and the same place: so every way in begins with asking. */
async function waitForTurn(client: Client, concertId: string, { signal, onPlace }: Listener): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const issued = await dataOf(client.POST('/v1/tokens', { body: { concertId }, signal }));
      onPlace(issued);
      if (issued.status === 'ACTIVE') return;
      failures = 0;
      const params = { header: { 'queue-token': issued.token } };
      for await (const { event, data } of follow(client, '/v1/tokens/me/events', { params, signal })) {
        if (event !== 'place') break;
        onPlace(data);
        if (data.status === 'ACTIVE') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
      failures++;
      const asked = error instanceof ApiProblem ? error.retryAfterMs : undefined;
      // Apart from each other, or everybody comes back in the same moment.
      await pause((asked ?? Math.min(10_000, 250 * 2 ** failures)) * (0.75 + Math.random() / 2), signal);
    }
  }
}
