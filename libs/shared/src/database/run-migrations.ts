import { MigrationConfig } from '../config/common.ts';
import { loadConfig } from '../config/config.ts';
import { runOnce } from '../process/lifecycle.ts';
import { createLogger } from '../process/logger.ts';
import { connectDatabase } from './connect.ts';
import { type Migration, migrate } from './migrate.ts';

/** Brings a service's schema up to date and ends: what a deployment runs before instances of a new build. */
export function runMigrations(service: string, migrations: readonly Migration[]): void {
  runOnce(async () => {
    const config = loadConfig(MigrationConfig);
    const log = createLogger({ service, level: config.LOG_LEVEL });
    const db = connectDatabase({ url: config.POSTGRES_URL, pool: 2, name: `${service} migrations` });
    await migrate(db, migrations);
    await db.destroy();
    log.info(`the schema has all ${migrations.length} migrations`);
  });
}
