import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../process/run-tool.ts';
import type { Part } from '../part.ts';
import type { EmbeddedContext } from './context.ts';
import { createAtOnce, partFolder } from './folder.ts';
import { kafkaProperties } from './kafka-properties.ts';
import { certificateFiles, type Secure } from './secure.ts';
import { bareEnvironment, startServer } from './server.ts';

const clusterId = Buffer.from('holdfast-cluster').toString('base64url');

export async function startKafka(context: EmbeddedContext, java: string, jars: string): Promise<Part> {
  const folder = partFolder(context, 'kafka');
  const classpath = ['-Dlog4j2.level=WARN', '-cp', join(jars, '*')];
  const data = join(folder, 'data');
  if (!existsSync(data)) {
    await createAtOnce(data, (unfinished) => format(context, java, classpath, unfinished));
  }

  const [port, controllerPort] = await Promise.all([context.port(9092), context.port(9093)]);
  const properties = join(folder, 'server.properties');
  const secure = context.secure && {
    ...certificateFiles(context, context.secure, folder),
    adminPassword: context.secure.adminPassword,
  };
  writeFileSync(
    properties,
    kafkaProperties({ port, controllerPort, proxied: context.kafkaProxied, secure, data }),
  );
  return startServer(context, {
    name: 'kafka',
    url: `127.0.0.1:${port}`,
    command: java,
    args: ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', ...classpath, 'kafka.Kafka', properties],
  });
}

async function format(
  context: EmbeddedContext,
  java: string,
  classpath: string[],
  data: string,
): Promise<void> {
  const properties = `${data}.properties`;
  writeFileSync(properties, kafkaProperties({ port: 9092, controllerPort: 9093, data }));
  await runTool({
    name: 'kafka-format',
    command: java,
    args: [
      '-XX:TieredStopAtLevel=1',
      ...classpath,
      'kafka.tools.StorageTool',
      'format',
      `--cluster-id=${clusterId}`,
      `--config=${properties}`,
      ...(context.secure ? scramUsers(context.secure) : []),
    ],
    env: bareEnvironment(),
    user: context.user,
    runDir: context.runDir,
    signal: context.signal,
  });
}

/** kafkajs can't make users: they are there from the beginning. */
function scramUsers({ adminPassword, kafkaUsers }: Secure): string[] {
  return Object.entries({ admin: adminPassword, ...kafkaUsers }).map(
    ([name, password]) => `--add-scram=SCRAM-SHA-512=[name=${name},password=${password}]`,
  );
}
