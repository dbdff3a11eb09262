import type { Migration } from '@holdfast/shared/database/migrate';
import { participantMigrations } from '@holdfast/shared/participant/migrations';

export const migrations: readonly Migration[] = [
  ...participantMigrations,
  {
    name: '010-catalogue',
    up: `
      create table concert (
        concert_id uuid primary key,
        title text collate "C" not null,
        venue text not null
      );
      create index concert_listed on concert (title, concert_id);

      create table performance (
        performance_id uuid primary key,
        concert_id uuid not null references concert,
        -- To the millisecond, as a cursor tells it.
        starts_at timestamptz(3) not null
      );
      create index performance_listed on performance (concert_id, starts_at, performance_id);

      -- fillfactor: a seat's updates change no indexed column, and find room for themselves on its page (HOT).
      create table concert_seat (
        concert_seat_id uuid primary key,
        performance_id uuid not null references performance,
        section text collate "C" not null,
        row int not null,
        number int not null,
        price_amount bigint not null check (price_amount >= 0),
        currency text not null,
        status text not null default 'AVAILABLE' check (status in ('AVAILABLE', 'HELD', 'SOLD')),
        reservation_id uuid,
        fence bigint not null default 0,
        unique (performance_id, section, row, number),
        check ((status = 'AVAILABLE') = (reservation_id is null))
      ) with (fillfactor = 70);
    `,
  },
  {
    name: '011-reservation',
    up: `
      create table reservation (
        reservation_id uuid primary key,
        concert_seat_id uuid not null references concert_seat,
        user_id uuid not null,
        status text not null check (status in ('TEMPORARY_HOLD', 'PAID', 'EXPIRED', 'CANCELLED')),
        price_amount bigint not null check (price_amount >= 0),
        currency text not null,
        hold_expires_at timestamptz not null,
        paying_saga uuid,
        created_at timestamptz not null default now()
      ) with (fillfactor = 70);

      -- The last word: whatever else goes wrong, a seat isn't sold twice.
      create unique index reservation_live on reservation (concert_seat_id)
        where status in ('TEMPORARY_HOLD', 'PAID');

      -- Without paying_saga, so that marking a hold stays a HOT update; the few in payment are passed over.
      create index reservation_due on reservation (hold_expires_at) where status = 'TEMPORARY_HOLD';
    `,
  },
  {
    name: '012-reservation-seat',
    up: `
      drop index reservation_live;
      alter table reservation
        add column performance_id uuid references performance,
        -- Whether it keeps its seats.
        add column live boolean not null generated always as (status in ('TEMPORARY_HOLD', 'PAID')) stored,
        add unique (reservation_id, live);

      -- What is held together is one reservation. Whether it is live comes with the key, and follows it.
      create table reservation_seat (
        reservation_id uuid not null,
        concert_seat_id uuid not null references concert_seat,
        live boolean not null,
        primary key (reservation_id, concert_seat_id),
        foreign key (reservation_id, live) references reservation (reservation_id, live) on update cascade
      );
      insert into reservation_seat select reservation_id, concert_seat_id, live from reservation;

      -- The last word: whatever else goes wrong, a seat isn't sold twice.
      create unique index reservation_live on reservation_seat (concert_seat_id) where live;

      update reservation set performance_id =
        (select performance_id from concert_seat s where s.concert_seat_id = reservation.concert_seat_id);
      alter table reservation alter column performance_id set not null, drop column concert_seat_id;

      -- Events that are still to be sent, or to be sent again, in the shape that they have now.
      create function with_seats(event jsonb) returns jsonb language sql immutable as $$
        select case when event->'data'->'concertSeatId' is null then event
          else jsonb_set(event #- '{data,concertSeatId}', '{data,concertSeatIds}',
                         jsonb_build_array(event->'data'->'concertSeatId')) end
      $$;
      update outbox set event = with_seats(event);
      update inbox set stored = jsonb_set(stored, '{events}', array_to_json(array(
          select with_seats(event) from jsonb_array_elements(stored->'events') event))::jsonb)
        where jsonb_array_length(stored->'events') > 0;
      drop function with_seats;
    `,
  },
  {
    name: '013-refund',
    up: `
      alter table reservation
        drop constraint reservation_status_check,
        add constraint reservation_status_check
          check (status in ('TEMPORARY_HOLD', 'PAID', 'EXPIRED', 'CANCELLED', 'REFUNDED')),
        add column refunding_saga uuid;
    `,
  },
  {
    name: '014-seats-of-a-user',
    up: `
      -- What is counted when a user wants more.
      create index reservation_of_user on reservation (user_id, performance_id) where live;
    `,
  },
];
