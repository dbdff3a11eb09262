import { STATUS_CODES } from 'node:http';
import Type, { type Static } from 'typebox';

/**
 * Every problem that the API answers with (RFC 9457). Codes and their types are stable: clients branch on them.
 *
 * A currency other than the account's is 409, like an insufficient balance not a fault of the request as such but of
 * the account that it meets; 422 is left to the one case that the Idempotency-Key draft gives it to.
 */
const catalogue = {
  validation: { status: 400, title: 'The request does not fit its schema' },
  'not-http': { status: 400, title: 'This is not a request of HTTP/1.1' },
  'idempotency-key-required': { status: 400, title: 'This request needs an Idempotency-Key' },
  unauthenticated: { status: 401, title: 'A valid access token is needed' },
  'insufficient-balance': { status: 402, title: 'The balance does not cover the price' },
  forbidden: { status: 403, title: 'This user may not do that' },
  'token-not-active': { status: 403, title: 'The queue token is not active' },
  'faults-disabled': { status: 403, title: 'Failure on demand is switched off' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'route-not-found': { status: 404, title: 'There is no such route' },
  'token-not-found': { status: 404, title: 'There is no such queue token' },
  'user-not-found': { status: 404, title: 'There is no such user' },
  'concert-not-found': { status: 404, title: 'There is no such concert' },
  'performance-not-found': { status: 404, title: 'There is no such performance' },
  'seat-not-found': { status: 404, title: 'There is no such seat' },
  'reservation-not-found': { status: 404, title: 'There is no such reservation' },
  'payment-not-found': { status: 404, title: 'There is no such payment' },
  'saga-not-found': { status: 404, title: 'There is no such saga' },
  'letter-not-found': { status: 404, title: 'There is no such dead letter' },
  'replay-not-found': { status: 404, title: 'There is no such replay' },
  'method-not-allowed': { status: 405, title: 'This route does not have that method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'seat-taken': { status: 409, title: 'A seat is held or sold' },
  'seat-locked': { status: 409, title: 'Another request is working on a seat' },
  'seat-limit-exceeded': { status: 409, title: 'A user may not have so many seats of a concert' },
  'seats-not-together': { status: 409, title: 'The seats are not all of one performance' },
  'token-in-use': { status: 409, title: 'A running request uses the queue token' },
  'hold-expired': { status: 409, title: 'The hold has expired' },
  'not-paid': { status: 409, title: 'The reservation is not paid' },
  'already-refunded': { status: 409, title: 'The reservation is refunded already' },
  'already-paid': { status: 409, title: 'The reservation is paid already' },
  'currency-mismatch': { status: 409, title: 'The account, or a seat, is in another currency' },
  'balance-limit-exceeded': { status: 409, title: 'A balance cannot hold that much' },
  'saga-settled': { status: 409, title: 'An operator has settled this request by hand' },
  'saga-moved': { status: 409, title: 'The saga has moved since it was looked at' },
  'decision-impossible': { status: 409, title: 'As the saga stands, that cannot be decided' },
  'letter-closed': { status: 409, title: 'The dead letter has been dealt with' },
  'letter-not-editable': { status: 409, title: 'The dead letter cannot be edited' },
  'edit-contradicts-saga': { status: 409, title: 'The saga would send something else' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has to be application/json' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'too-many-requests': { status: 429, title: 'Too many requests from this user or address' },
  'headers-too-large': { status: 431, title: 'The headers, or the URL, are too large' },
  internal: { status: 500, title: 'Something is wrong with the service' },
  overloaded: { status: 503, title: 'The service has too much to do' },
  unavailable: { status: 503, title: 'The service cannot do that right now' },
  'saga-compensated': {
    status: 503,
    title: 'A technical failure; all of it was undone and nothing was charged',
  },
} as const;

type Catalogue = typeof catalogue;
export type ProblemCode = keyof Catalogue;

type ProblemOptions = {
  /** Seconds after which it is worth trying again: the Retry-After header. */
  retryAfter?: number;
  /** Extension members of the body. */
  extra?: Readonly<Record<string, unknown>>;
};

/** A refusal on its way to the client. Thrown by a handler, it becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string | undefined, options: ProblemOptions) {
    super(detail ?? catalogue[code].title);
    this.code = code;
    this.detail = detail;
    this.retryAfter = options.retryAfter;
    this.extra = options.extra ?? {};
  }

  get status(): number {
    return catalogue[this.code].status;
  }
}

/** The problem `code` to throw; `detail` says what happened this time, for people. */
export function problem(code: ProblemCode, detail?: string, options: ProblemOptions = {}): Problem {
  return new Problem(code, detail, options);
}

export const problemMediaType = 'application/problem+json';

/** The body of the answer, `application/problem+json`. RFC 9457, section 3. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { additionalProperties: true },
);

export function problemBody({ code, detail, extra }: Problem): Static<typeof ProblemSchema> {
  return {
    type: `https://holdfast.dev/problems/${code}`,
    ...catalogue[code],
    code,
    ...(detail !== undefined && { detail }),
    ...extra,
  };
}

type ProblemResponse = {
  description: string;
  content: { [problemMediaType]: { schema: typeof ProblemSchema } };
};

/**
 * The entries for a route's `response` that document these problems, by status. To the types they are nothing: a problem
 * is thrown, never returned, and the compiler would spend most of its time on them.
 */
export function problemResponses(...codes: ProblemCode[]): object {
  const statuses = new Set(codes.map((code) => catalogue[code].status));
  const responses = [...statuses].map((status) => {
    const ofStatus = codes.filter((code) => catalogue[code].status === status);
    return [status, problemResponse(status, ofStatus)] as const;
  });
  return Object.fromEntries(responses);
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ProblemResponse {
  const properties = { ...ProblemSchema.properties, code: Type.String({ enum: codes }) };
  return {
    description: `${STATUS_CODES[status]}: ${codes.join(', ')}`,
    content: { [problemMediaType]: { schema: Type.Object(properties, { additionalProperties: true }) } },
  };
}
