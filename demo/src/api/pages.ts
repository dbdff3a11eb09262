import { cannotRun } from '../cannot-run.ts';
import type { Answer } from './client.ts';
import type { Page } from './types.ts';

/** All items of a list, page by page. @throws CannotRun when a page can't be had */
export async function allPages<Item>(
  page: (query: string) => Promise<Answer<Page<Item>>>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
    const { ok, body, outcome } = await page(query.toString());
    if (!ok) throw cannotRun(`The catalogue can't be read: ${outcome}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  return items;
}
