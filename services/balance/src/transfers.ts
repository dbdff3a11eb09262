/**
 * Double entry: whatever moves money is one transfer, which debits one account and credits another by the same amount,
 * so that all accounts of a currency together hold nothing. A user's balance is what we owe them: credits make it more.
 *
 * `user` is the account of the user whom the entry names. The others are the house's, one for each currency: `funding`,
 * where charges come from, and `sales`, where payments go. They have no row: what is in them is added up from the
 * entries (see ledger-check), for a running balance would be a row that every payment waits for.
 */
export const transfers = {
  /** A user puts money on their balance. */
  charge: { debit: 'funding', credit: 'user' },
  /** A payment takes it off. */
  deduct: { debit: 'user', credit: 'sales' },
  /** The payment failed: its money comes back. */
  refund: { debit: 'sales', credit: 'user' },
  /** A payment that was completed is taken back: so does its price. */
  credit: { debit: 'sales', credit: 'user' },
} as const;

/** What a transfer is for. A new one is a line here, and a migration of `ledger_transfer`, the check that knows them. */
export type Kind = keyof typeof transfers;

/** What a transfer does to the user's balance, in minor units. */
export const signed = ({ kind, amount }: { kind: Kind; amount: number }): number =>
  transfers[kind].credit === 'user' ? amount : -amount;
