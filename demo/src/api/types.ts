/** The API's answers, as far as the demo reads them. */

export type Money = { amount: number; currency: string };

export type User = { userId: string; accessToken: string };

export type Page<Item> = { items: Item[]; nextCursor?: string };
export type Concert = { concertId: string; title: string };
export type Performance = { performanceId: string; startsAt: string };
export type SeatStatus = 'AVAILABLE' | 'HELD' | 'SOLD';
export type Seat = {
  concertSeatId: string;
  section: string;
  row: number;
  number: number;
  price: Money;
  status: SeatStatus;
};

export type Token = { token: string; status: 'WAITING' | 'ACTIVE'; position: number };

export type Held = { reservationId: string; concertSeatIds: string[]; holdExpiresAt: string; price: Money };

export type Paid = { paymentId: string; reservationId: string } & Money;
export type Payment = Paid & { status: string };

export type Balance = { balance: Money };

export type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'COMPLETED' | 'COMPENSATED' | 'PARKED';
export type Saga = { sagaId: string; type: string; status: SagaStatus; failure?: { type: string } };
