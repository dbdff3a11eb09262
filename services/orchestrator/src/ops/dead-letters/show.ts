import type { Role } from '@holdfast/shared/http/roles';
import { maskFor, maskKeyFor } from '../mask.ts';
import { unpackHeaders } from './read-letter.ts';
import type { RecordRow } from './rows.ts';
import type { Letter, LetterDetail } from './shapes.ts';

/** A letter as this role may see it. */
export const letterFor = (role: Role, letter: Letter): Letter =>
  letter.key === undefined ? letter : { ...letter, key: maskKeyFor(role, letter.topic, letter.key) };

type Content = Pick<LetterDetail, 'headers' | 'encoding' | 'payload'>;

/** What is in it. What can't be read can't be masked either: a viewer sees only that it is there. */
export function contentFor(role: Role, letter: RecordRow & { topic: string }): Content {
  const headers = Object.fromEntries(
    Object.entries(unpackHeaders(letter.record_headers)).map(([name, value]) => {
      const text = [value].flat().map(String).join(', ');
      return [name, name === 'ce_subject' ? maskKeyFor(role, letter.topic, text) : text];
    }),
  );
  const value = letter.record_value;
  if (value === null) return { headers, encoding: 'none' };
  const text = asText(value);
  const json = text === undefined ? undefined : asJson(text);
  if (json !== undefined) return { headers, encoding: 'json', payload: maskFor(role, json) };
  const encoding = text === undefined ? 'base64' : 'text';
  return { headers, encoding, ...(role === 'operator' && { payload: text ?? value.toString('base64') }) };
}

function asText(value: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}

export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
