import { setupError } from '../setup-error.ts';
import type { Report } from '../terminal/report.ts';
import { type ContainerUse, type Part, type PartName, partTitles } from './part.ts';
import { probes } from './probes.ts';

const variables: Record<PartName, string> = {
  kafka: 'KAFKA_BROKERS',
  postgres: 'POSTGRES_URL',
  redis: 'REDIS_URL',
};

export function urlInEnvironment(name: PartName, env: NodeJS.ProcessEnv): string | undefined {
  return env[variables[name]] || undefined;
}

/** What HOLDFAST_PARTS says: `containers` or `embedded`; unset, containers where they can be had. */
export function containersIn(env: NodeJS.ProcessEnv): ContainerUse {
  const { HOLDFAST_PARTS: parts } = env;
  if (!parts) return 'if possible';
  if (parts === 'containers') return 'always';
  if (parts === 'embedded') return 'never';
  throw setupError(`HOLDFAST_PARTS=${parts}: set it to containers or embedded, or unset it`);
}

export async function useEnvironment(
  name: PartName,
  url: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<Part> {
  try {
    await probes[name](url, env);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw setupError(
      `${partTitles[name]} doesn't answer at ${variables[name]}=${withoutPassword(url)} (${reason}): ` +
        `start it, or unset ${variables[name]} to have one started here`,
    );
  }
  report.say(`${partTitles[name]} from the environment: ${withoutPassword(url)}`);
  return { name, source: 'environment', url, stop: async () => undefined };
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]+@/, ':***@');
}
