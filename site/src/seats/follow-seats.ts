import type { Client } from '@holdfast/client/client';
import { follow } from '@holdfast/client/follow';
import { ApiProblem, dataOf } from '@holdfast/client/problem';
import { pause } from '../ui/pause.ts';
import type { Statuses } from './statuses.ts';

/**
 * Loads how the seats stand and follows what changes, for as long as it takes: a connection that is lost goes on from
 * where it was, and where that isn't known any more everything is loaded anew.
 *
 * @param options.onOtherLayout called where the layout is another than `version`, whose indexes then mean other seats
 */
export async function followSeats(
  client: Client,
  options: {
    performanceId: string;
    version: string;
    statuses: Statuses;
    signal: AbortSignal;
    onLive: (live: boolean) => void;
    onOtherLayout: () => void;
  },
): Promise<void> {
  const { performanceId, version, statuses, signal, onLive, onOtherLayout } = options;
  const path = { performanceId };
  let position: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (position === undefined) {
        const all = await dataOf(
          client.GET('/v1/performances/{performanceId}/seat-map/status', { params: { path }, signal }),
        );
        if (all.version !== version) return onOtherLayout();
        statuses.load(all);
        position = all.position;
      }
      const params = { path, query: { after: position } };
      onLive(true);
      for await (const event of follow(client, '/v1/performances/{performanceId}/seat-map/events', {
        params,
        signal,
      })) {
        failures = 0;
        if (event.data.version !== version) return onOtherLayout();
        if (event.event === 'reset') position = undefined;
        else {
          statuses.apply(event.data.changes);
          position = event.data.position;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      onLive(false);
      if (error instanceof ApiProblem && error.status === 401) throw error;
      failures++;
      const asked = error instanceof ApiProblem ? error.retryAfterMs : undefined;
      // Apart from each other, or everybody comes back in the same moment.
      await pause((asked ?? Math.min(10_000, 250 * 2 ** failures)) * (0.75 + Math.random() / 2), signal);
    }
  }
}
