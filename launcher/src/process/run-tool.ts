import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { forgetProcess, recordProcess } from './records.ts';

export interface Tool {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | undefined;
  runDir: string;
  signal: AbortSignal;
  onLine?: (line: string) => void;
}

/** Runs a program that ends by itself; a failure carries the last lines that it wrote. */
export async function runTool(tool: Tool): Promise<void> {
  tool.signal.throwIfAborted();
  const child = spawn(tool.command, tool.args, {
    env: tool.env ?? process.env,
    ...tool.user,
    detached: true,
    signal: tool.signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) recordProcess(tool.runDir, tool.name, child.pid, 'SIGTERM');

  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 50) lastLines.shift();
      tool.onLine?.(line);
    });
  }

  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw toolFailure(tool.name, code, lastLines);
  } finally {
    forgetProcess(tool.runDir, tool.name);
  }
}

function toolFailure(name: string, code: number | null, output: string[]): Error & { output: string[] } {
  return Object.assign(new Error(`${name} ended with ${code}: ${output.at(-1) ?? ''}`), { output });
}
