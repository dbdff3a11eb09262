import { type Send, sender } from './send.ts';
import type {
  AuditEntry,
  Decision,
  Examination,
  HeldLock,
  LedgerChecks,
  Letter,
  LetterDetail,
  LetterGroup,
  LetterSelection,
  LetterStatus,
  Me,
  Overview,
  Page,
  PortableLetter,
  Preview,
  Replay,
  Role,
  SagaDetail,
  SagaStatus,
  SagaSummary,
} from './types.ts';

/** The operators' API (`/ops/v1`), each request once: what the command line and the console are made of. */

export type Paged = { cursor?: string | undefined; limit?: number | undefined };

export type SagaFilter = {
  status?: SagaStatus[] | undefined;
  type?: string | undefined;
  overdue?: boolean | undefined;
  startedBefore?: string | undefined;
  userId?: string | undefined;
  lockKey?: string | undefined;
};

export type LetterFilter = {
  topic?: string | undefined;
  errorGroup?: string | undefined;
  consumerGroup?: string | undefined;
  type?: string | undefined;
  sagaId?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  status?: LetterStatus[] | undefined;
};

export type OpsClient = ReturnType<typeof opsClient>;

/** @param accessToken of an operator; asked for with each request */
export function opsClient(url: string, accessToken: () => string | undefined) {
  const send: Send = sender(url, accessToken);
  const call = async <T>(...request: Parameters<Send>): Promise<T> =>
    (await (await send(...request)).json()) as T;
  const letters = '/ops/v1/dead-letters';

  return {
    send,
    me: () => call<Me>('GET', '/ops/v1/me'),
    /** In development only. */
    makeOperator: (body: { name: string; role: Role }) =>
      call<{ operatorId: string; accessToken: string }>('POST', '/v1/dev/operators', { body }),

    overview: () => call<Overview>('GET', '/ops/v1/overview'),
    examine: () => call<Examination>('GET', '/ops/v1/doctor'),
    listLocks: (page: Paged = {}) => call<Page<HeldLock>>('GET', '/ops/v1/locks', { query: page }),
    ledgerChecks: () => call<LedgerChecks>('GET', '/ops/v1/ledger/checks'),
    /** `full`: from the first entry of the ledger on. */
    beginLedgerCheck: (body: { full?: boolean | undefined }) =>
      call<LedgerChecks>('POST', '/ops/v1/ledger/checks', { body }),
    listAudit: (filter: { subject?: string | undefined } & Paged) =>
      call<Page<AuditEntry>>('GET', '/ops/v1/audit', { query: filter }),

    listSagas: (filter: SagaFilter & Paged) =>
      call<Page<SagaSummary>>('GET', '/ops/v1/sagas', { query: filter }),
    getSaga: (sagaId: string) => call<SagaDetail>('GET', `/ops/v1/sagas/${encodeURIComponent(sagaId)}`),
    /** `version` is the one that the operator has seen; `settle` takes a reason. */
    decide: (sagaId: string, decision: Decision, body: { version: number; reason?: string | undefined }) =>
      call<SagaDetail>('POST', `/ops/v1/sagas/${encodeURIComponent(sagaId)}/${decision}`, { body }),

    listLetters: (filter: LetterFilter & Paged & { order?: 'newest' | 'oldest' }) =>
      call<Page<Letter>>('GET', letters, { query: filter }),
    listLetterGroups: (filter: LetterFilter) =>
      call<{ items: LetterGroup[]; total: number }>('GET', `${letters}/groups`, { query: filter }),
    getLetter: (letterId: number) => call<LetterDetail>('GET', `${letters}/${letterId}`),
    previewReplay: (select: LetterSelection) =>
      call<Preview>('POST', `${letters}/preview`, { body: { select } }),
    editLetter: (
      letterId: number,
      body: { payload: unknown; reason?: string | undefined; dryRun: boolean },
    ) => call<Letter>('POST', `${letters}/${letterId}/edit`, { body }),
    discardLetters: (body: { select: LetterSelection; reason: string }) =>
      call<{ discarded: number; skipped: number }>('POST', `${letters}/discard`, { body }),
    /** Lines of JSON, each a {@link PortableLetter}. */
    exportLetters: async (body: { select: LetterSelection; status?: LetterStatus[] | undefined }) =>
      (await send('POST', `${letters}/export`, { body })).body,
    importLetters: (body: { letters: PortableLetter[]; reason?: string | undefined }) =>
      call<{ imported: number; known: number }>('POST', `${letters}/import`, { body }),

    startReplay: (body: {
      select: LetterSelection;
      rate?: number | undefined;
      stopAfter?: number | undefined;
      reason?: string | undefined;
    }) => call<Replay>('POST', '/ops/v1/replays', { body }),
    listReplays: (page: Paged) => call<Page<Replay>>('GET', '/ops/v1/replays', { query: page }),
    getReplay: (replayId: number) => call<Replay>('GET', `/ops/v1/replays/${replayId}`),
    stopReplay: (replayId: number, body: { reason?: string | undefined }) =>
      call<Replay>('POST', `/ops/v1/replays/${replayId}/stop`, { body }),
  };
}
