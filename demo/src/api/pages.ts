import { cannotRun } from '../cannot-run.ts';
import type { Answer } from './client.ts';
import type { PageQuery } from './holdfast.ts';

/** All items of a list, page by page. @throws CannotRun when a page can't be had */
export async function allPages<Item>(
  page: (query: PageQuery) => Promise<Answer<{ items: Item[]; nextCursor?: string }>>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { ok, body, outcome } = await page({ limit, ...(cursor !== undefined && { cursor }) });
    if (!ok) throw cannotRun(`The catalogue can't be read: ${outcome}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  return items;
}
