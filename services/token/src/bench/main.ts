import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { connectDatabase } from '@holdfast/shared/database/connect';
import { query } from '@holdfast/shared/database/query';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { line, type Measured, measure } from './measure.ts';
import { cpuSeconds, sizes } from './sizes.ts';
import { accessToken, runningSystem, userOf } from './system.ts';

/**
 * `npm run bench:queue`: joins a queue of the system that `npm start` runs, asks for positions as fast as it answers,
 * checks some of them by counting, and takes everybody out again.
 */
const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '30' },
    'at-once': { type: 'string', default: '128' },
  },
});
const users = Number(options.users);
const seconds = Number(options.seconds);
const atOnce = Number(options['at-once']);
const run = String(Date.now());

const system = runningSystem(process.env.HOLDFAST_DATA ?? '.holdfast');
const db = connectDatabase({ url: system.postgresUrl, pool: 2, name: 'bench' });
const redis = new Redis(system.redisUrl);
// Not through the gateway, which would be measured as well.
const pools = system.token.map(({ url }) => new Pool(url, { connections: atOnce, pipelining: 1 }));

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Answer = { status: number; body: any };

async function call(
  i: number,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const pool = pools[i % pools.length] as Pool;
  const answer = await pool.request({
    method,
    path,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: text ? JSON.parse(text) : undefined };
}

const as = (userId: string, roles: string[] = []) => ({
  authorization: `Bearer ${accessToken(system.jwtSecret, userId, roles)}`,
});

async function setPolicy(
  concertId: string,
  policy: { maxActive: number; maxPerSecond: number },
): Promise<void> {
  const path = `/v1/queues/${concertId}/policy`;
  const { status } = await call(0, 'PUT', path, as(userOf(run, -1), ['operator']), policy);
  if (status !== 200) throw new Error(`The policy could not be set: ${status}`);
}

/** A concert for which nobody waits. */
async function freeConcert(): Promise<string> {
  const { items } = (await (await fetch(`${system.url}/v1/concerts`)).json()) as {
    items: { concertId: string }[];
  };
  const taken = await query<{ id: string }>(
    db,
    'select distinct concert_id as id from token.token where concert_id is not null',
  );
  const free = items.find(({ concertId }) => !taken.some(({ id }) => id === concertId));
  if (!free) throw new Error('Somebody waits for every concert: try again later');
  return free.concertId;
}

async function clear(concertId: string): Promise<void> {
  await query(db, 'set statement_timeout = 0');
  for (const table of ['token', 'queue_block', 'queue'])
    await query(db, 'delete from token.?? where concert_id = ?', [table, concertId]);
  await query(db, 'vacuum full token.token');
}

const pids = system.token.map(({ pid }) => pid);

/** Does a phase, and tells also what each request took of a processor: that is the same on a busy machine. */
async function phase(name: string, work: () => Promise<Measured>): Promise<void> {
  const before = await cpuSeconds(db, pids);
  const measured = await work();
  const after = await cpuSeconds(db, pids);
  const each = (seconds: number): string => `${Math.round((seconds / measured.count) * 1e6)} µs`;
  console.log(line(name, measured));
  console.log(
    `  of a processor, each: token service ${each(after.service - before.service)}, ` +
      `Postgres ${each(after.postgres - before.postgres)}`,
  );
}

console.log(
  `${users} users, ${atOnce} at once; ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
);
const concertId = await freeConcert();
const tokens: string[] = Array(users);
try {
  await setPolicy(concertId, { maxActive: 0, maxPerSecond: 0 });
  await phase('joined', () =>
    measure(
      atOnce,
      (begun) => begun >= users,
      async (i) => {
        const { status, body } = await call(i, 'POST', '/v1/tokens', as(userOf(run, i)), { concertId });
        if (status !== 201) return `${status} ${body.code}`;
        tokens[i] = body.token;
        return undefined;
      },
    ),
  );

  const ask = async (i: number): Promise<Answer> =>
    call(i, 'GET', '/v1/tokens/me', { ...as(userOf(run, i)), 'queue-token': tokens[i] as string });
  const asking = (atOnce: number) => {
    const until = performance.now() + 1_000 * seconds;
    return measure(
      atOnce,
      () => performance.now() > until,
      async () => {
        const { status, body } = await ask(Math.floor(Math.random() * users));
        return status === 200 ? undefined : `${status} ${body.code}`;
      },
    );
  };
  // The line moves meanwhile, as it would.
  await setPolicy(concertId, { maxActive: 1_000_000, maxPerSecond: 20 });
  await phase(`asked, ${atOnce} at once`, () => asking(atOnce));
  await phase('asked, 16 at once', () => asking(16));

  await setPolicy(concertId, { maxActive: 0, maxPerSecond: 0 });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  let wrong = 0;
  for (let checked = 0; checked < 20; checked++) {
    const i = Math.floor(Math.random() * users);
    const [counted] = await query<{ position: number }>(
      db,
      `select count(*) filter (where status = 'WAITING') as position from token.token
       where concert_id = ? and queue_no <= (select queue_no from token.token where user_id = ?)`,
      [concertId, userOf(run, i)],
    );
    const { body } = await ask(i);
    if (body.status === 'WAITING' && body.position !== counted?.position) wrong++;
  }
  console.log(`20 positions counted in Postgres: ${wrong} wrong`);
  for (const text of await sizes(db, redis, { concertId, pids })) console.log(text);
  if (wrong > 0) process.exitCode = 1;
} finally {
  await clear(concertId);
  await Promise.all(pools.map((pool) => pool.close()));
  redis.disconnect();
  await db.destroy();
}
