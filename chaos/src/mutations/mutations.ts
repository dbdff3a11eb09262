/** Rules of the protocol that are broken on purpose, in the built code: `from` has to be there, and becomes `to`. */
export type Patch = { file: string; from: string; to: string };

const inbox = '/libs/shared/dist/participant/inbox.js';

export const mutations = {
  'no inbox': [
    {
      // Only what a compensation undoes is still known; a duplicate isn't.
      file: inbox,
      from: 'inbox.set(id, stored)',
      to: `id.endsWith('/do') && ids.includes(id.slice(0, -2) + 'undo') && inbox.set(id, stored)`,
    },
    {
      file: inbox,
      from: 'unnest(?::text[], ?::bigint[], ?::jsonb[])`',
      to: 'unnest(?::text[], ?::bigint[], ?::jsonb[]) on conflict do nothing`',
    },
  ],
  'no tombstone': [
    {
      file: inbox,
      from: 'if (rows.length === 0)',
      to: 'rows = rows.filter(({ stored }) => stored !== null); if (rows.length === 0)',
    },
  ],
  "lock released before the compensation's end": [
    {
      file: '/services/orchestrator/dist/runner/rows.js',
      from: 'sagas.filter(hasEnded).flatMap',
      to: `sagas.filter((saga) => hasEnded(saga) || saga.status === 'COMPENSATING').flatMap`,
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;

export type Mutation = keyof typeof mutations;
