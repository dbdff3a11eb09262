import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem } from '@holdfast/ops-client/problem';
import type { LetterDetail } from '@holdfast/ops-client/types';
import { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { action, type Context, Refusal } from '../command.ts';
import { confirm } from '../output/confirm.ts';

type Options = { payload?: string; reason?: string; dryRun?: boolean; yes?: boolean };

/** `holdfast dlq edit <letter>`. */
export const editCommand = (): Command =>
  new Command('edit')
    .description('Opens the payload in $EDITOR, checks it, and sends it as a new message that names the old')
    .argument('<letter>', 'its number', wholeNumber)
    .option('--payload <file>', 'take the payload from a file (- for the standard input), without an editor')
    .option('--reason <text>', 'why; the audit keeps it')
    .option('--dry-run', 'only check it')
    .option('-y, --yes', 'without a question')
    .action(
      action(async (context, letterId: number, options: Options) => {
        const { api, json, say } = context;
        const letter = await api.getLetter(letterId);
        if (!letter.editable)
          throw new Refusal(`It can't be edited: ${letter.notEditableBecause ?? 'see dlq show'}`);
        const payload =
          options.payload === undefined
            ? await editUntilAccepted(letter, context)
            : await checked(
                letterId,
                parse(readFileSync(options.payload === '-' ? 0 : options.payload, 'utf8')),
                context,
              );
        if (options.dryRun) {
          say(json ? JSON.stringify({ accepted: true }) : 'It would be accepted.');
          return 0;
        }
        await confirm('Send it?', options.yes ?? false, context);
        const sent = await api.editLetter(letterId, { payload, reason: options.reason, dryRun: false });
        say(json ? JSON.stringify(sent) : `Sent in the place of letter ${letterId}.`);
        return 0;
      }),
    );

/** Opens the editor again, with the complaints on top, until the payload is accepted or nothing was changed. */
async function editUntilAccepted(letter: LetterDetail, context: Context): Promise<unknown> {
  if (!context.interactive)
    throw new Refusal('There is no terminal to edit in: give the payload with --payload.');
  let text = JSON.stringify(letter.payload ?? letter.expected ?? {}, null, 2);
  let complaint =
    letter.expected === undefined ? '' : `Its saga would send: ${JSON.stringify(letter.expected)}`;
  for (;;) {
    const edited = openEditor(commented(complaint) + text);
    if (edited.trim() === text.trim() && complaint !== '' && !complaint.startsWith('Its saga'))
      throw new Refusal('Nothing was changed: not sent.');
    text = edited;
    try {
      return await checked(letter.letterId, parse(text), context);
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof Refusal)) throw error;
      const errors =
        error instanceof ApiProblem ? error.errors.map((one) => `${one.path} ${one.message}`) : [];
      complaint = [error.message, ...errors].join('\n');
    }
  }
}

async function checked(letterId: number, payload: unknown, { api }: Context): Promise<unknown> {
  await api.editLetter(letterId, { payload, dryRun: true });
  return payload;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`This is no JSON: ${(error as Error).message}`);
  }
}

const commented = (text: string): string =>
  text === ''
    ? ''
    : `${text
        .split('\n')
        .map((line) => `// ${line}`)
        .join('\n')}\n`;

/** @returns what is left in the file, without the lines that are comments */
function openEditor(text: string): string {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-edit-'));
  const file = join(folder, 'payload.json');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const { status, error } = spawnSync(`${editor} "${file}"`, { stdio: 'inherit', shell: true });
    if (error || status !== 0) throw new Refusal(`The editor (${editor}) failed: set EDITOR to another.`);
    return readFileSync(file, 'utf8').replaceAll(/^\/\/.*\n?/gm, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
