import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandContext, runCommand } from '@holdfast/launcher/command';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { type System, startSystem } from '@holdfast/launcher/system';
import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import { aftermath, deathsOf } from './aftermath.ts';
import { installSchemathesis, type Run, runSchemathesis } from './schemathesis.ts';
import { settingsFor } from './settings.ts';

/**
 * `npm run fuzz -- --seed S --max-examples N --service NAME`: Schemathesis with each service's OpenAPI document, against
 * the service and through the gateway, on a system of its own.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    'max-examples': { type: 'string', default: '30' },
    service: { type: 'string', multiple: true, default: [...serviceNames] },
  },
});
const seed = Number(values.seed);
const maxExamples = Number(values['max-examples']);

/** The changes of a seat map never end, and Schemathesis waits for an answer's end: tests/src/seat-map.test.ts reads them. */
const endless = ['--exclude-path-regex', '/seat-map/events$'];

await runCommand(async (context) => {
  const dataDir = temporaryDataDirectory();
  const cacheDir = cacheDirectory(process.env);
  try {
    const program = await installSchemathesis(cacheDir, join(dataDir, 'run', 'schemathesis'), context);
    const infrastructure = await startInfrastructure({
      ...context,
      dataDir,
      cacheDir,
      ports: 'free',
      containers: true,
      env: process.env,
    });
    try {
      // A database and topics of its own, also where the infrastructure is somebody's.
      const name = `fuzz_${Date.now().toString(36)}`;
      const system = await startSystem({
        ...context,
        infrastructure,
        dataDir,
        database: name,
        topicPrefix: `${name}.`,
        // It asks more often than anybody may.
        env: { all: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_USER: '0' } },
      });
      try {
        return await fuzz(program, join(dataDir, 'schemathesis'), system, context);
      } finally {
        await system.stop();
      }
    } finally {
      await infrastructure.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function fuzz(
  program: string,
  folder: string,
  system: System,
  { report, signal }: CommandContext,
): Promise<number> {
  report.say(`Seed ${seed}: npm run fuzz -- --seed ${seed} --max-examples ${maxExamples}`);
  const deaths = deathsOf(system);
  let failures = 0;
  for (const [title, run] of values.service.flatMap((service) => runsOf(service as ServiceName, system))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'schemathesis.toml'), await settingsFor(system.url), { mode: 0o600 });
    const startedAt = performance.now();
    const { passed, output } = await runSchemathesis(program, folder, run, signal);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const cases = /^Test cases:\n +(.*)$/m.exec(output)?.[1] ?? 'no test cases';
    report.say(`${passed ? '✔' : '✖'} ${title}: ${cases} (${seconds} s)`);
    if (!passed) {
      failures++;
      report.say(output);
    }
  }
  const { sagas, wrong } = await aftermath(system, deaths);
  report.say(`Sagas: ${sagas}`);
  for (const what of wrong) report.say(`✖ ${what}`);
  failures += wrong.length;
  return failures === 0 ? 0 : 1;
}

/** The gateway's health is its own, and what the orchestrator asks of participants for operators isn't anybody's. */
function notThroughGateway(service: ServiceName): string[] {
  const own = service === 'orchestrator' ? endless : ['--exclude-path-regex', '^/ops/|/seat-map/events$'];
  return ['--exclude-tag', 'health', ...own];
}

function runsOf(service: ServiceName, { url, services }: System): [string, Run][] {
  const own = services[service]?.[0]?.url;
  if (own === undefined) throw new Error(`there is no service ${service}`);
  const run = { document: `${own}/docs/json`, seed };
  return [
    [service, { ...run, url: own, maxExamples, extra: endless }],
    [
      `${service}, through the gateway`,
      { ...run, url, maxExamples: Math.ceil(maxExamples / 3), extra: notThroughGateway(service) },
    ],
  ];
}
