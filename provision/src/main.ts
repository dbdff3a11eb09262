import { loadConfig } from '@holdfast/shared/config/config';
import { forEachService } from '@holdfast/shared/contracts/define';
import { runOnce } from '@holdfast/shared/process/lifecycle';
import { createLogger } from '@holdfast/shared/process/logger';
import { Config, passwordName } from './config.ts';
import { databaseNamedIn, provision } from './postgres.ts';

/** Run by an administrator before the services are, and again whenever a password has changed. */
runOnce(async () => {
  const config = loadConfig(Config);
  const log = createLogger({ service: 'provision', level: 'info' });
  const database = databaseNamedIn(config.POSTGRES_URL);
  await provision({
    adminUrl: config.POSTGRES_URL,
    database,
    passwords: forEachService((service) => config[passwordName(service)]),
  });
  log.info({ database }, 'each service has its role and its schema');
});
