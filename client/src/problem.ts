import type { paths } from './api.ts';

type Operation = { [Path in keyof paths]: paths[Path][keyof paths[Path]] }[keyof paths];
type Responses = Extract<Operation, { responses: object }>['responses'];
type Contents<Response> = Response extends { content: { 'application/problem+json': infer Body } }
  ? Body
  : never;
type Body = Responses extends infer R ? (R extends object ? Contents<R[keyof R]> : never) : never;

/** The codes of all problems that the public API answers with. Stable: branch on them. */
export type ProblemCode = Body extends { code: infer Code } ? Code : never;

/** What a request is refused with (RFC 9457). */
export type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  /** What happened this time, for people. */
  detail?: string;
  errors?: { path: string; message: string }[];
  /** Of the saga that was started, where one was. */
  sagaId?: string;
};

/** A refusal, as an error. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** `unreadable` for what is no problem of the API's, such as a proxy's own page. */
  readonly code: ProblemCode | 'unreadable';
  readonly body: Partial<ProblemBody>;
  /** Milliseconds after which it is worth trying again, where the API says so. */
  readonly retryAfterMs: number | undefined;

  constructor(response: Response, body: Partial<ProblemBody>) {
    super(body.detail ?? body.title ?? `The answer was ${response.status}`);
    this.status = response.status;
    this.code = body.code ?? 'unreadable';
    this.body = body;
    this.retryAfterMs = retryAfterMs(response);
  }
}

type Answer = { data?: unknown; error?: unknown; response: Response };

/** The refusal that an answer is; undefined where it is none. */
export function problemIn({ error, response }: Answer): ApiProblem | undefined {
  if (response.ok) return undefined;
  const body = typeof error === 'object' && error !== null && 'code' in error ? error : {};
  return new ApiProblem(response, body as Partial<ProblemBody>);
}

/**
 * What an answer carries.
 *
 * @throws ApiProblem for any that isn't a success
 */
export async function dataOf<Asked extends Answer>(
  asked: Asked | Promise<Asked>,
): Promise<Exclude<Asked['data'], undefined>> {
  const answer = await asked;
  const problem = problemIn(answer);
  if (problem) throw problem;
  return answer.data as Exclude<Asked['data'], undefined>;
}

/** Milliseconds that `Retry-After` asks to wait. */
export function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds === null ? undefined : Number(seconds) * 1_000;
}
