export type Token = Readonly<{
  tokenId: string;
  tokenHash: string;
  userId: string;
  /** What it admits to: either a concert, to hold a seat there, or a reservation, to pay it. */
  concertId: string | null;
  reservationId: string | null;
  status: 'WAITING' | 'ACTIVE';
  /** The saga that is using it. Until that ends, the token doesn't expire. */
  claimedBy: string | null;
  /** Null while it waits: it then lasts for as long as its owner asks. */
  expiresAt: Date | null;
}>;

export type ActiveToken = Token & { expiresAt: Date };

/** What a batch of commands works on, by the tokens' hashes. Rows are values: a handler puts a new one in its place. */
export type State = {
  /** The database's clock. */
  readonly now: Date;
  readonly tokens: Map<string, Token>;
  /** The rows as they were: what is another object by now, or gone, has to be saved. */
  readonly loaded: ReadonlyMap<string, Token>;
};

/** A batch's working set, before any command. */
export function stateOf(now: Date, tokens: Iterable<Token>): State {
  const loaded = new Map(Array.from(tokens, (token) => [token.tokenHash, token]));
  return { now, tokens: new Map(loaded), loaded };
}
