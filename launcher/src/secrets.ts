import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { forEachService, type ServiceName } from '@holdfast/shared/contracts/define';
import { readJson, writePrivateJson } from './private-file.ts';

export interface Secrets {
  databasePasswords: Record<ServiceName, string>;
  jwtSecret: string;
  tokenSecret: string;
  externalApiSecret: string;
}

/** Made at the first start and kept, so that tokens stay valid over a restart. */
export function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  const kept = readJson<Secrets>(file);
  if (kept) return kept;
  const secrets: Secrets = {
    databasePasswords: forEachService(() => randomBytes(24).toString('base64url')),
    jwtSecret: randomBytes(32).toString('base64url'),
    tokenSecret: randomBytes(32).toString('base64url'),
    externalApiSecret: `whsec_${randomBytes(24).toString('base64')}`,
  };
  mkdirSync(dataDir, { recursive: true });
  writePrivateJson(file, secrets);
  return secrets;
}
