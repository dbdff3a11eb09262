// `npm run observability`: what Prometheus' own tool says of its configuration, of the alerts and of the dashboard's questions,
// and whether the alerts fire when they should (alerts.test.yml). With --if-possible it ends well where the tool can't be had,
// and says so.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cache = here('../../.holdfast/cache/prometheus');

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });

/** @returns whether this is one that can be run */
function isPromtool(path) {
  try {
    run(path, ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** From the PATH, or out of Debian's package, which isn't installed: that would start a server. */
function findPromtool() {
  const unpacked = join(cache, 'usr/bin/promtool');
  const known = ['promtool', unpacked].find(isPromtool);
  if (known) return known;
  mkdirSync(cache, { recursive: true });
  // As root, apt-get would fetch as a user who may not write here.
  const download = ['-o', 'APT::Sandbox::User=root', 'download', 'prometheus'];
  try {
    run('apt-get', download, { cwd: cache });
  } catch {
    run('apt-get', ['update']);
    run('apt-get', download, { cwd: cache });
  }
  const [deb] = readdirSync(cache).filter((name) => name.endsWith('.deb'));
  run('dpkg-deb', ['--extract', join(cache, deb), cache]);
  rmSync(join(cache, deb));
  return unpacked;
}

/** As rules that would record their answers, for that is what the tool reads. */
function writeQuestions(file) {
  const { panels } = JSON.parse(readFileSync(here('grafana/dashboards/holdfast.json'), 'utf8'));
  const rules = panels
    .flatMap(({ targets = [] }) => targets)
    .map(({ expr }, i) => ({ record: `question_${i}`, expr: expr.replaceAll('$__rate_interval', '1m') }));
  writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
}

function check(promtool) {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-observability-'));
  const questions = join(scratch, 'dashboard.yml');
  writeQuestions(questions);
  try {
    for (const args of [
      ['check', 'config', here('prometheus.yml')],
      ['check', 'rules', questions],
      ['test', 'rules', here('alerts.test.yml')],
    ])
      console.log(run(promtool, args).trim());
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function main() {
  let promtool;
  try {
    promtool = findPromtool();
  } catch (error) {
    const optional = process.argv.includes('--if-possible');
    console.log(`${optional ? '–' : '✖'} promtool is needed, of Prometheus 2.42 or later: ${error.message}`);
    process.exitCode = optional ? 0 : 1;
    return;
  }
  try {
    check(promtool);
    console.log('✔ Prometheus can be configured so, and the alerts fire when they should');
  } catch (error) {
    console.error(`✖ ${error.stdout ?? ''}${error.stderr ?? error.message}`);
    process.exitCode = 1;
  }
}

main();
