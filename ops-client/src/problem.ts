/** A refusal of the operators' API (RFC 9457), or an answer that never came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** 0 where there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly { path: string; message: string }[];

  constructor(body: Partial<ProblemBody>) {
    super(body.detail ?? body.title ?? 'The answer cannot be read.');
    this.status = body.status ?? 0;
    this.code = body.code ?? 'unreadable';
    this.title = body.title ?? 'The request failed';
    this.errors = body.errors ?? [];
  }
}

type ProblemBody = {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: { path: string; message: string }[];
};

/** The refusal that a response carries; any proxy's own page is one as well. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  const { status, statusText } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && 'code' in body)
    return new ApiProblem(body as Partial<ProblemBody>);
  return new ApiProblem({ status, title: `The answer was ${status} ${statusText}` });
}

export const unreachable = (url: string): ApiProblem =>
  new ApiProblem({
    code: 'unreachable',
    title: 'Holdfast does not answer',
    detail: `Holdfast does not answer at ${url || 'this address'}.`,
  });
