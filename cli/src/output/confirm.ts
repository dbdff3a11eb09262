import { createInterface } from 'node:readline/promises';
import { type Context, Refusal } from '../command.ts';

/**
 * Asks before something is changed. Where nobody can be asked, `--yes` has to say so.
 *
 * @throws Refusal where the answer is anything but yes
 */
export async function confirm(question: string, yes: boolean, { interactive }: Context): Promise<void> {
  if (yes) return;
  if (!interactive) throw new Refusal('Nobody can be asked here: add --yes to go on without a question.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Refusal('Nothing was changed.');
  } finally {
    terminal.close();
  }
}
