import { concludeRun } from './conclude.ts';
import { deliveriesFile, historyFile } from './files.ts';
import { readAll, readLines } from './history/file.ts';
import type { HistoryEntry } from './history/history.ts';

/** Where what is to be judged is found. */
export type Remains = {
  dataDir: string;
  adminPostgresUrl: string;
  kafkaBrokers: readonly string[];
  redisUrl: string;
  say: (line: string) => void;
};

/** Checks what a run has left behind. @returns the exit code */
export async function judge(remains: Remains): Promise<number> {
  const { dataDir, adminPostgresUrl, kafkaBrokers, redisUrl, say } = remains;
  const { exitCode } = await concludeRun({
    history: readLines<HistoryEntry>(historyFile(dataDir)),
    adminPostgresUrl,
    kafkaBrokers,
    topicPrefix: '',
    redisUrl,
    externalApi: { deliveries: await readAll<{ id: string }>(deliveriesFile(dataDir)) },
    log: say,
  });
  say(`History: ${historyFile(dataDir)}; to check it again: npm run chaos -- --check`);
  return exitCode;
}
