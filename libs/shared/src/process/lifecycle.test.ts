import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

// In processes of their own, so from the built files: Node 20 runs no TypeScript.
const built = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);

const stopping = (name: string, how = '') =>
  `onStop('${name}', async () => { console.log('stopped ${name}'); ${how} });`;

/** A service whose main is `body`; it prints "up" when it is up, and would run for ever. */
function start(body: string) {
  const script = `
    import { run } from ${built('process/lifecycle.js')};
    import { ConfigError } from ${built('config/config.js')};
    setInterval(() => {}, 1000);
    run(async (onStop) => { ${body}; console.log('up'); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, result: async () => ({ code: await exited, output: (await output).join('') }) };
}

const whenUp = (child: ChildProcess) =>
  new Promise<void>((resolve) =>
    child.stdout?.on('data', (data) => {
      if (String(data).includes('up')) resolve();
    }),
  );

// The log may come between.
const inOrder = /^stopped http$.*^stopped database$/ms;

describe('run', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s stops the last first, and exits 0', async (signal) => {
    const { child, result } = start(stopping('database') + stopping('http'));
    await whenUp(child);
    child.kill(signal);
    const { code, output } = await result();
    expect(output).toMatch(inOrder);
    expect(code).toBe(0);
  });

  test('goes on stopping when one part fails to, and exits 1', async () => {
    const { child, result } = start(stopping('database') + stopping('http', 'throw new Error("stuck")'));
    await whenUp(child);
    child.kill('SIGTERM');
    const { code, output } = await result();
    expect(output).toMatch(inOrder);
    expect(output).toMatch(/"msg":"http did not stop"/);
    expect(code).toBe(1);
  });

  test('a second signal exits at once', async () => {
    const { child, result } = start(stopping('http', 'await new Promise(() => {})'));
    await whenUp(child);
    child.kill('SIGTERM');
    await delay(200);
    child.kill('SIGTERM');
    expect((await result()).code).toBe(1);
  });

  test('does not wait for ever for a part that hangs', async () => {
    const { child, result } = start(stopping('http', 'await new Promise(() => {})'));
    await whenUp(child);
    child.kill('SIGTERM');
    const { code, output } = await result();
    expect(output).toMatch(/not stopped after 10000 ms/);
    expect(code).toBe(1);
  }, 20_000);

  test.each([
    ['an error that nobody caught', `setTimeout(() => { throw new Error('oops') }, 10)`],
    ['a rejection that nobody handled', `setTimeout(() => { void Promise.reject(new Error('oops')) }, 10)`],
    ['a start that fails', `throw new Error('oops')`],
  ])('%s is logged and exits 1, with nothing stopped', async (_, body) => {
    const { code, output } = await start(`${stopping('http')} ${body}`).result();
    expect(output).toMatch(/"level":"fatal".*oops/);
    expect(output).not.toMatch(/stopped/);
    expect(code).toBe(1);
  });

  test('an error of the configuration is printed as it is', async () => {
    const { code, output } = await start(`throw new ConfigError('PORT is not set')`).result();
    expect({ code, output }).toEqual({ code: 1, output: 'PORT is not set\n' });
  });
});
