import type { ReactNode } from 'react';

export type Column<Row> = {
  head: string;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  /** Takes what width is left. */
  wide?: boolean;
};

/**
 * A table that is a list of cards where there is no room. The roles are written out, since the browser takes them away
 * from what is no longer laid out as a table.
 */
export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  currentKey?: string | number | undefined;
}) {
  const { caption, columns, rows, keyOf, currentKey } = props;
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table role="table" aria-label={caption}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, numeric, wide }) => (
            <th key={head} role="columnheader" scope="col" data-numeric={numeric} data-wide={wide}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" data-current={currentKey === keyOf(row) || undefined}>
            {columns.map(({ head, cell, numeric, wide }) => (
              <td key={head} role="cell" data-head={head} data-numeric={numeric} data-wide={wide}>
                {/* One box, so that beside its column's name it stays together. */}
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  );
}
