import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, newKey } from '@holdfast/client/client';
import { ApiProblem } from '@holdfast/client/problem';
import { settle } from '@holdfast/client/settle';
import { serviceNames } from '@holdfast/shared/contracts/define';
import { topicPlans } from '@holdfast/shared/messaging/topics';
import { newUser, type Seat, seatSource, type User } from '../support/client.ts';
import { type Compose, nodeImage } from './compose.ts';

const ours = [...serviceNames, 'gateway', 'provision'];
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** What each of our images adds to the one that all are made from. */
export async function imageSizes({ docker }: Compose): Promise<string> {
  const size = async (image: string) =>
    Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
  const base = await size(nodeImage());
  const own = await Promise.all(
    ours.map(async (name) => `${name} ${megabytes((await size(`holdfast/${name}`)) - base)}`),
  );
  return `${own.join(', ')}, each on ${megabytes(base)}`;
}

type Container = {
  Name: string;
  Config: { Labels: Record<string, string> };
  HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[] | null; Privileged: boolean };
  NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> };
  State: { Running: boolean; StartedAt: string; Health?: { Log: { Start: string; ExitCode: number }[] } };
};

async function containersOf({ compose, docker }: Compose): Promise<(Container & { service: string })[]> {
  const ids = (await compose('ps', '--all', '--quiet')).split('\n');
  const containers: Container[] = JSON.parse(await docker('inspect', ...ids));
  return containers.map((container) => ({
    ...container,
    service: container.Config.Labels['com.docker.compose.service'] as string,
  }));
}

/** How long each service took until it was ready for the first time, as its health check saw it. */
export async function startTimes(project: Compose): Promise<string> {
  const times = (await containersOf(project)).flatMap(({ service, State }) => {
    const healthy = State.Health?.Log.find(({ ExitCode }) => ExitCode === 0);
    if (!healthy || !ours.includes(service)) return [];
    const seconds = (Date.parse(healthy.Start) - Date.parse(State.StartedAt)) / 1_000;
    return [`${service} ${seconds.toFixed(1)} s`];
  });
  return times.join(', ');
}

/** These write outside of their volumes at the start: a configuration, a socket. */
const mayWrite = /^(kafka-\d|postgres)$/;

/** Nobody is root, nobody writes to their own programs, and one port is open. */
export async function checkPermissions(project: Compose): Promise<void> {
  const containers = await containersOf(project);
  for (const { service, Name, State, HostConfig } of containers) {
    assert.ok(HostConfig.ReadonlyRootfs || mayWrite.test(service), `${service} may write to its file system`);
    assert.deepEqual(HostConfig.CapDrop, ['ALL'], service);
    if (State.Running) {
      const status = await project.docker('exec', Name.slice(1), 'cat', '/proc/1/status');
      assert.doesNotMatch(status, /^Uid:.*\b0\b/m, `${service} runs as root`);
    }
  }
  const open = containers.flatMap(({ service, NetworkSettings }) =>
    Object.values(NetworkSettings.Ports).flatMap((bound) => (bound ?? []).map(() => service)),
  );
  assert.deepEqual([...new Set(open)], ['gateway'], `ports are open at ${open.join(', ')}`);

  const users = await sql(
    project,
    "select distinct usename from pg_stat_activity where datname = 'holdfast'",
  );
  assert.deepEqual(
    users.filter((user) => user !== 'postgres').sort(),
    serviceNames.map((service) => `holdfast_${service}`).sort(),
  );
}

/** The gateway's image has both sites. */
export async function checkSites(url: string): Promise<void> {
  for (const path of ['/', '/console']) {
    const response = await fetch(url + path);
    const html = await response.text();
    assert.ok(response.ok && html.includes('<script'), `${path}: ${response.status} ${html.slice(0, 200)}`);
  }
}

export async function checkTopics({ compose }: Compose): Promise<void> {
  const described = await compose(
    ...[
      'exec',
      '--no-TTY',
      'kafka-1',
      '/opt/kafka/bin/kafka-topics.sh',
      '--bootstrap-server',
      'kafka-1:9092',
      '--describe',
    ],
  );
  for (const { topic } of topicPlans) {
    const line = described
      .split('\n')
      .find((line) => line.includes(`Topic: ${topic}\t`) && line.includes('ReplicationFactor'));
    assert.match(line ?? '', /ReplicationFactor: 3\b.*min\.insync\.replicas=2/, `${topic}: ${line}`);
  }
}

/**
 * Some buy a seat each, at once.
 *
 * @param patienceMs while all begins at once, and while a broker is replaced, a step's outcome may stay unknown for too long,
 *   and a service be told that another can't be found: then a saga is undone, or none begins, and the buyer's to begin
 *   again, for so long
 */
export async function buySeats(url: string, count: number, patienceMs = 60_000): Promise<string> {
  const nextSeat = await seatSource(url);
  const deadline = Date.now() + patienceMs;
  let again = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (;;) {
        // Another buyer each time, who has had nothing to do with what is being undone.
        const refusal = await buySeat(url, nextSeat());
        if (refusal === undefined) return;
        assert.ok(Date.now() < deadline, refusal);
        again += 1;
        await sleep(1_000);
      }
    }),
  );
  return `${count} of ${count}${again > 0 ? `, ${again} at another attempt` : ''}`;
}

/** @returns why not, where it wasn't bought */
async function buySeat(url: string, seat: Seat): Promise<string | undefined> {
  try {
    const user = await newUser(url);
    const { response, error } = await holdAndPay(url, user, seat);
    if (response.status !== 201) return `${response.status} ${JSON.stringify(error)}`;
    assert.equal(await user.balance(), 1_000_000 - seat.price.amount);
    return undefined;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 503) return error.message;
    throw error;
  }
}

/** @returns the last answer: of the payment, or of the hold that failed */
async function holdAndPay(url: string, { accessToken, queue }: User, { concertId, concertSeatId }: Seat) {
  const client = createClient({ url, accessToken });
  const patient = { prefer: 'wait=30' };
  const held = await client.POST('/v1/reservations', {
    params: { header: { ...patient, 'queue-token': await queue({ concertId }) } },
    body: { concertSeatIds: [concertSeatId] },
  });
  if (!held.data || !('reservationId' in held.data)) return held;
  const { reservationId } = held.data;
  const header = { ...patient, 'idempotency-key': newKey(), 'queue-token': await queue({ reservationId }) };
  return settle(client, () => client.POST('/v1/payments', { params: { header }, body: { reservationId } }));
}

/** Who does the work: requests by container, sagas by orchestrator, partitions by balance's member of its group. */
export async function workers(
  project: Compose,
): Promise<{ requests: Record<string, number>; sagas: number[]; members: number[] }> {
  const requests: Record<string, number> = {};
  for (const { Name, service } of await containersOf(project)) {
    if (service !== 'balance' && service !== 'orchestrator') continue;
    const log = await project.docker('logs', Name.slice(1));
    const answered = log.split('\n').filter((line) => line.includes('"answered"'));
    requests[Name.slice(project.project.length + 2)] = answered.length;
  }
  const sagas = await sql(project, 'select count(*) from orchestrator.saga group by instance order by 1');
  const described = await project.compose(
    ...[
      'exec',
      '--no-TTY',
      'kafka-1',
      '/opt/kafka/bin/kafka-consumer-groups.sh',
      '--bootstrap-server',
      'kafka-1:9092',
    ],
    ...['--describe', '--members', '--group', 'balance'],
  );
  const members = described
    .split('\n')
    .filter((line) => line.startsWith('balance '))
    .map((line) => Number(line.trim().split(/\s+/).at(-1)));
  return { requests, sagas: sagas.map(Number), members };
}

async function sql({ compose }: Compose, text: string): Promise<string[]> {
  const rows = await compose(
    ...[
      'exec',
      '--no-TTY',
      'postgres',
      'psql',
      '--username=postgres',
      '--dbname=holdfast',
      '--no-align',
      '--tuples-only',
    ],
    ...['--command', text],
  );
  return rows.split('\n').filter(Boolean);
}
