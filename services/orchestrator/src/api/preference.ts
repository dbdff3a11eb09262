/** How long a client wants to wait for the answer (RFC 7240, `wait` and `respond-async`). */

const defaultWaitS = 10;
const maxWaitS = 30;

/** @returns ms; 0 for `respond-async`. What can't be read is ignored, as the RFC asks. */
export function waitMs(prefer: string | undefined): number {
  const preferences = new Map(
    (prefer ?? '')
      .toLowerCase()
      .split(/[,;]/)
      .map((preference): [string, string] => {
        const [name = '', value = ''] = preference.trim().split(/\s*=\s*/);
        return [name, value];
      }),
  );
  if (preferences.has('respond-async')) return 0;
  const wait = /^"?(\d{1,9})"?$/.exec(preferences.get('wait') ?? '')?.[1];
  return Math.min(wait === undefined ? defaultWaitS : Number(wait), maxWaitS) * 1_000;
}
