import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

test('a line names the service, and shows no secret', () => {
  const script = `
    import { createLogger } from ${JSON.stringify(new URL('../../dist/process/logger.js', import.meta.url).href)};
    const headers = { authorization: 's3cret', 'queue-token': 's3cret', cookie: 's3cret', accept: '*/*' };
    const log = createLogger({ service: 'token', level: 'info' });
    log.debug('not this');
    log.info({ headers, req: { headers } }, 'hello');
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (user_id)=(s3cret)' });
    log.error({ err: new TypeError('failed', { cause }) }, 'an error');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout).not.toMatch(/s3cret/);
  const [line, failure] = stdout.split('\n', 2).map((text) => JSON.parse(text));
  expect(failure.err).toMatchObject({
    type: 'TypeError',
    message: 'failed',
    cause: { message: 'duplicate key', code: '23505' },
  });
  expect(line).toMatchObject({
    level: 'info',
    service: 'token',
    msg: 'hello',
    req: { headers: { accept: '*/*', authorization: '[Redacted]' } },
  });
});
