#!/usr/bin/env node
// Writes what docker-compose.yml needs to be secret into .env, once: other passwords would fit no volume that is there.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const names = [
  'POSTGRES_PASSWORD',
  ...['ORCHESTRATOR', 'RESERVATION', 'PAYMENT', 'BALANCE', 'TOKEN'].map(
    (name) => `${name}_POSTGRES_PASSWORD`,
  ),
  'REDIS_PASSWORD',
  'JWT_SECRET',
  'TOKEN_SECRET',
];
const file = process.argv[2] ?? fileURLToPath(new URL('../.env', import.meta.url));

// Of letters and digits, since some become part of a URL.
const lines = names.map((name) => `${name}=${randomBytes(32).toString('hex')}\n`);
try {
  writeFileSync(file, lines.join(''), { mode: 0o600, flag: 'wx' });
  console.log(`✔ ${file} has new secrets; nobody else may read it`);
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  console.error(`✖ ${file} is there already, and stays: its passwords are those of the volumes`);
  process.exitCode = 1;
}
