import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setupError } from '../../setup-error.ts';

const oldestJava = 17;
const howToInstall =
  'install one (Debian: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17), or set KAFKA_BROKERS';

export function findJava(env: NodeJS.ProcessEnv): string {
  const command = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  const { status, stderr } = spawnSync(command, ['-version'], { encoding: 'utf8' });
  if (status !== 0)
    throw setupError(`Kafka needs Java ${oldestJava} or newer, and none was found: ${howToInstall}`);
  const version = stderr.match(/version "(\d+)[^"]*"/)?.[1];
  if (Number(version) < oldestJava) {
    throw setupError(
      `Kafka needs Java ${oldestJava} or newer, and ${command} is ${version}: ${howToInstall}`,
    );
  }
  return command;
}
