import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { problem } from './problems.ts';

/** Lists in pages. A cursor is the sort key of the last item seen, so that no page skips or repeats what moves. */

/**
 * The query string of a list, with filters of its `own`. Its limit is optional to clients, but handlers always have one:
 * the default.
 */
export const PageQuery = <Own extends TProperties = Record<never, never>>(
  limits: { default: number; maximum: number },
  own?: Own,
) =>
  Type.Unsafe<Static<TObject<Own>> & { cursor?: string; limit: number }>(
    Type.Object({
      ...own,
      cursor: Type.Optional(Type.String({ maxLength: 512, description: '`nextCursor` of the page before' })),
      limit: Type.Optional(Type.Integer({ ...limits, minimum: 1, description: 'items in a page, at most' })),
    }),
  );

/** The body of a page. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(Type.String({ description: 'absent on the last page' })),
  });

/** A text in a key; Postgres knows none with a NUL. */
export const Text = Type.String({ pattern: '^[^\\u0000]*$' });

/**
 * The sort key to go on after.
 *
 * @param start a key that comes before all
 * @throws Problem `validation` for a cursor that isn't of this list
 */
export function keyAfter<Key extends TSchema>(
  schema: Key,
  cursor: string | undefined,
  start: Static<Key>,
): Static<Key> {
  if (cursor === undefined) return start;
  const key = parse(Buffer.from(cursor, 'base64url').toString());
  if (Value.Check(schema, key)) return key;
  throw problem('validation', '/querystring/cursor is not a cursor of this list');
}

/** A page of the rows found, of which there is one more than `limit` when another page follows. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly unknown[],
): { items: Row[]; nextCursor?: string } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items };
  return { items, nextCursor: cursorOf(keyOf(last)) };
}

/** The cursor to go on after this sort key. */
export const cursorOf = (key: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
