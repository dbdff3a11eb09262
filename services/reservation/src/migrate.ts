import { runMigrations } from '@holdfast/shared/database/run-migrations';
import { migrations } from './schema.ts';

runMigrations('reservation', migrations);
