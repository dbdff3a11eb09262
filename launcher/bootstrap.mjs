#!/usr/bin/env node
// Runs before anything is installed or built, so it has no dependencies and does no more than both of these.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 19];
const pnpm = 'pnpm@12.21.0';
const commands = ['build', 'start', 'test', 'demo', 'chaos'];

const root = fileURLToPath(new URL('../', import.meta.url));
const [command, ...args] = process.argv.slice(2);

if (!commands.includes(command)) fail(`Usage: node launcher/bootstrap.mjs ${commands.join('|')} [arguments]`);
requireNode();
await install();
await build();
await buildSite('console', 'the console');
await buildSite('site', "the buyer's page", ['client/src']);
if (command !== 'build') {
  const { run } = await import(`./dist/${command}.js`);
  await run(args);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Node ${oldestNode.join('.')} or newer is needed, and this is ${process.version}: see https://nodejs.org`,
  );
}

async function install() {
  const stamp = stampOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml']);
  if (isStamped('node_modules/.holdfast-installed', stamp)) return;

  await runShown({
    doing: 'Installing the workspace',
    command: 'npx',
    // The build needs what production doesn't, so NODE_ENV must not leave it out.
    args: ['-y', pnpm, 'install', '--frozen-lockfile', '--prod=false'],
    onFailure(output) {
      const log = `${root}.holdfast/logs/install.log`;
      mkdirSync(dirname(log), { recursive: true });
      writeFileSync(log, output);
      const reason = output.match(/\bE[A-Z]{2,}_\w+|\bE[A-Z]{5,}\b/)?.[0] ?? 'unknown';
      return `The workspace could not be installed (${reason}): is the npm registry reachable? All of it: ${log}`;
    },
  });
  writeFileSync(`${root}node_modules/.holdfast-installed`, stamp);
}

function build() {
  return runShown({
    doing: 'Building',
    command: process.execPath,
    // Types are checked by `npm run check`; here that would double the time of the first start.
    args: ['node_modules/typescript/bin/tsc', '-b', '--noCheck'],
    onFailure: (output) => `The build failed\n${output}`,
  });
}

/** Types that are of other packages change nothing: what it is built from are its own files, and those in `folders`. */
async function buildSite(name, what, folders = []) {
  const sources = [`${name}/src`, `${name}/public`, ...folders]
    .flatMap((folder) => readdirSync(root + folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .sort();
  const stamp = stampOf(['pnpm-lock.yaml', `${name}/index.html`, `${name}/vite.config.ts`, ...sources]);
  if (isStamped(`${name}/dist/.holdfast-built`, stamp)) return;

  await runShown({
    doing: `Building ${what}`,
    command: process.execPath,
    args: [`${name}/node_modules/vite/bin/vite.js`, 'build', name, '--logLevel', 'warn'],
    onFailure: (output) => `${what} could not be built\n${output}`,
  });
  writeFileSync(`${root}${name}/dist/.holdfast-built`, stamp);
}

/** Tells whether something has to be made again from these files, on this machine. */
function stampOf(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(root + file));
  return hash.digest('hex');
}

function isStamped(file, stamp) {
  return existsSync(root + file) && readFileSync(root + file, 'utf8') === stamp;
}

/** Shows how long it takes, and its output only when it fails. */
async function runShown({ doing, command, args, onFailure }) {
  const startedAt = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    env: {
      ...process.env,
      // Or pnpm may ask before it replaces a node_modules of another kind.
      CI: 'true',
      // Or a registry out of reach shows only after a minute.
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_fetch_retry_maxtimeout: '5000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const progress = showProgress(doing, startedAt);
  const code = await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  progress.end();
  if (code !== 0) fail(onFailure(output));
  const seconds = (Date.now() - startedAt) / 1_000;
  if (seconds >= 1) console.log(`✔ ${doing} (${seconds.toFixed(1)} s)`);
}

function showProgress(doing, startedAt) {
  const { isTTY } = process.stdout;
  const timer = setInterval(
    () => {
      const line = `${doing} … ${Math.round((Date.now() - startedAt) / 1_000)} s`;
      process.stdout.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    isTTY ? 500 : 5_000,
  );
  return {
    end() {
      clearInterval(timer);
      if (isTTY) process.stdout.write('\r\x1b[K');
    },
  };
}

function fail(line) {
  console.error(`✖ ${line}`);
  process.exit(1);
}
