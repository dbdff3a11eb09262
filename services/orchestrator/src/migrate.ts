import { runMigrations } from '@holdfast/shared/database/run-migrations';
import { migrations } from './runner/schema.ts';

runMigrations('orchestrator', migrations);
