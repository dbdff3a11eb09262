import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { action } from '../command.ts';
import { keepToken } from './kept-token.ts';

type Options = { name: string; role: 'viewer' | 'operator' };

/** `holdfast login`: in development only, where anyone may make themselves an operator. */
export const loginCommand = (): Command =>
  new Command('login')
    .description('In development: makes an operator, and keeps their access token for the next commands')
    .option('--name <name>', 'as the audit will know them', userInfo().username)
    .addOption(new Option('--role <role>').choices(['viewer', 'operator']).default('operator'))
    .action(
      action(async ({ api, url, json, say }, { name, role }: Options) => {
        const made = await api.makeOperator({ name, role });
        const path = keepToken(url, made.accessToken);
        if (json) say(JSON.stringify({ operatorId: made.operatorId, keptIn: path }));
        else say(`You are ${name}, ${role}, at ${url}. The token is in ${path}.`);
        return 0;
      }),
    );
