import { styleText } from 'node:util';

/** Text in a colour; as it is where colours are off. A colour never says what no word says. */
export type Paint = Record<'bold' | 'dim' | 'good' | 'bad' | 'warn', (text: string) => string>;

export function colours(on: boolean): Paint {
  const in_ = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow') => (text: string) =>
    on ? styleText(style, text) : text;
  return { bold: in_('bold'), dim: in_('dim'), good: in_('green'), bad: in_('red'), warn: in_('yellow') };
}
