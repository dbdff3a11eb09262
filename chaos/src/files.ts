import { join } from 'node:path';

/** What a run leaves in its data directory, beside its system's own data. */
export const historyFile = (dataDir: string): string => join(dataDir, 'history.ndjson');
export const deliveriesFile = (dataDir: string): string => join(dataDir, 'deliveries.ndjson');
