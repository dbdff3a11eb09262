import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import { temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { projectRoot } from '@holdfast/launcher/paths';
import { freePort } from '@holdfast/launcher/ports';
import { type Compose, composeProject, whyNot } from './compose.ts';
import {
  buySeats,
  checkPermissions,
  checkSites,
  checkTopics,
  imageSizes,
  startTimes,
  workers,
} from './look.ts';

/**
 * `npm run containers`: docker-compose.yml from nothing to a paid seat, then more instances, then without a broker and
 * without an instance. With --if-possible it ends well where there is no engine, and says so.
 */

const { values } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });

await runCommand(async (context) => {
  const folder = temporaryDataDirectory();
  const port = await freePort();
  const envFile = join(folder, 'env');
  const project = composeProject(`holdfast-check-${process.pid}`, envFile, {
    HOLDFAST_PORT: String(port),
    HOLDFAST_DEV: '1',
    HOLDFAST_SEED: '1',
    LOG_LEVEL: 'info',
  });
  try {
    execFileSync(process.execPath, [join(projectRoot, 'deploy/secrets.mjs'), envFile]);
    const reason = await whyNot(project);
    if (reason !== undefined) {
      context.report.say(
        `${values['if-possible'] ? '–' : '✖'} docker-compose.yml is not tried here: ${reason}`,
      );
      return values['if-possible'] ? 0 : 1;
    }
    await tryAll(project, `http://127.0.0.1:${port}`, context);
    return 0;
  } finally {
    await project.compose('down', '--volumes', '--timeout', '5').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
});

async function tryAll(project: Compose, url: string, { report, signal }: CommandContext): Promise<void> {
  const { compose } = project;
  /** So long buyers may have to try again while parts of the system are replaced. */
  const patienceMs = 150_000;

  async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const stage = report.stage(what);
    try {
      const result = await work();
      stage.done(`${what}${typeof result === 'string' ? `: ${result}` : ''}`);
      return result;
    } catch (error) {
      report.say(await compose('ps', '--all').catch(() => ''));
      report.say(await compose('logs', '--no-color', '--tail', '5').catch(() => ''));
      throw error;
    } finally {
      stage.drop();
    }
  }

  await step('compose.observability.yml adds to it', () =>
    compose(
      ...['--file', 'docker-compose.yml', '--file', 'compose.observability.yml', 'config', '--quiet'],
    ).then(() => undefined),
  );
  await step('Images', async () => {
    // What they have in common first: an engine without BuildKit would build it for each of them, all at once.
    await project.docker('build', '--quiet', '--target', 'build', '.');
    await compose('build', '--quiet');
    return imageSizes(project);
  });
  await step('From nothing to ready', () =>
    compose('up', '--detach', '--wait', '--wait-timeout', '300').then(() => undefined),
  );
  await step('Ready after its start', () => startTimes(project));
  await step('Users, file systems and ports', () => checkPermissions(project));
  await step('Both sites are there', () => checkSites(url));
  await step('Topics lie on three brokers', () => checkTopics(project));
  await step('Seats are held and paid', () => buySeats(url, 5));

  await step('balance × 3, orchestrator × 2', () =>
    compose(
      'up',
      '--detach',
      '--wait',
      '--no-recreate',
      '--scale',
      'balance=3',
      '--scale',
      'orchestrator=2',
    ).then(() => undefined),
  );
  await step('Seats are held and paid', () => buySeats(url, 40));
  await step('The load spreads', async () => {
    const { requests, sagas, members } = await workers(project);
    const said = `requests ${JSON.stringify(requests)}, sagas of each orchestrator ${sagas.join(' and ')}, partitions of each balance ${members.join(', ')}`;
    assert.equal(Object.keys(requests).filter((name) => name.startsWith('balance')).length, 3, said);
    assert.equal(sagas.length, 2, said);
    assert.equal(members.length, 3, said);
    assert.ok(
      Object.values(requests).every((count) => count > 0),
      said,
    );
    assert.ok(
      members.every((partitions) => partitions > 0),
      said,
    );
    return said;
  });

  await step('A broker is killed', () => compose('kill', 'kafka-2').then(() => undefined));
  await step('Seats are held and paid', () => buySeats(url, 5, patienceMs));
  await step('An instance of balance is killed', () =>
    project.docker('kill', `${project.project}-balance-2`).then(() => undefined),
  );
  await step('Seats are held and paid', () => buySeats(url, 5, patienceMs));
  await step('The broker comes back', () =>
    compose('up', '--detach', '--wait', '--no-recreate', 'kafka-2').then(() => undefined),
  );
}
