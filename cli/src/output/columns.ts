import { stripVTControlCharacters } from 'node:util';

/** Rows of text in columns, each as wide as its widest cell, under a heading. */
export function columns(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heading.map((name) => name.toUpperCase()), ...rows];
  const widths = heading.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))));
  return all.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] as number) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** Names and what they are, one a line; what isn't there is left out. */
export function fields(rows: readonly (readonly [string, string | undefined])[]): string[] {
  const there = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  const wide = Math.max(...there.map(([name]) => name.length));
  return there.map(([name, value]) => `${name.padEnd(wide)}  ${value}`);
}

/** As people see it: colours take no room. */
const width = (cell: string): number => stripVTControlCharacters(cell).length;
