import type { Page } from '@holdfast/ops-client/types';

const perPage = 500;

/** Reads page after page until there are `limit` items, or no more. */
export async function collect<Item>(
  limit: number,
  read: (page: { cursor: string | undefined; limit: number }) => Promise<Page<Item>>,
): Promise<{ items: Item[]; more: boolean }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ cursor, limit: Math.min(perPage, limit - items.length) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return { items, more: cursor !== undefined };
}
