/** Rows of text in columns, each as wide as its widest cell; a number is set to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const width = widths[i] as number;
      return isNumber(cell) ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join('  ').trimEnd()}`;
  });
}

const isNumber = (cell: string): boolean => /^([\d.,]+( s)?|–)$/.test(cell);
