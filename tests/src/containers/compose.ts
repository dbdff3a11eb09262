import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '@holdfast/launcher/paths';

const run = promisify(execFile);

/** `docker compose` on this repository's docker-compose.yml, as a project of its own. */
export type Compose = {
  project: string;
  compose: (...args: string[]) => Promise<string>;
  docker: (...args: string[]) => Promise<string>;
};

export function composeProject(project: string, envFile: string, env: NodeJS.ProcessEnv): Compose {
  const docker = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('docker', args, {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  };
  return {
    project,
    docker,
    compose: (...args) => docker('compose', '--project-name', project, '--env-file', envFile, ...args),
  };
}

/** Why docker-compose.yml can't be tried here, if it can't. */
export async function whyNot({ compose, docker }: Compose): Promise<string | undefined> {
  try {
    await docker('info');
  } catch {
    return 'no Docker engine answers';
  }
  try {
    await compose('version');
  } catch {
    return '`docker compose` is missing';
  }
  const images = (await compose('config', '--images')).split('\n');
  const official = images.filter((image) => !image.startsWith('holdfast/'));
  for (const image of [...new Set([...official, nodeImage()])]) {
    const there = await docker('image', 'inspect', image)
      .catch(() => docker('pull', '--quiet', image))
      .catch(() => undefined);
    if (there === undefined) return `the image ${image} is not here and can't be pulled`;
  }
  return undefined;
}

/** What our images are made from, as the Dockerfile says. */
export function nodeImage(): string {
  const dockerfile = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
  return /^ARG NODE=(.*)$/m.exec(dockerfile)?.[1] ?? '';
}
