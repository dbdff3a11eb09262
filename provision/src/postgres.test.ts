import { randomBytes } from 'node:crypto';
import { forEachService, serviceNames } from '@holdfast/shared/contracts/define';
import { queryOnce } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databaseNamedIn, type Provisioned, provision } from './postgres.ts';

const adminUrl = process.env.POSTGRES_URL as string;
const database = `provision_${randomBytes(4).toString('hex')}`;
const passwords = forEachService((service) => `first ${service}`);
let provisioned: Provisioned;

beforeAll(async () => {
  provisioned = await provision({ adminUrl, database, passwords });
});

afterAll(async () => {
  await queryOnce(adminUrl, `DROP DATABASE ${database} WITH (FORCE)`);
  for (const service of serviceNames) await queryOnce(adminUrl, `DROP ROLE ${database}_${service}`);
});

describe('the role of a service', () => {
  test('makes its tables in its own schema', async () => {
    await queryOnce(provisioned.serviceUrls.balance, 'CREATE TABLE accounts (id int)');
    expect(
      await queryOnce(provisioned.adminUrl, "SELECT schemaname FROM pg_tables WHERE tablename = 'accounts'"),
    ).toEqual([{ schemaname: 'balance' }]);
  });

  test.each([
    ["another service's tables", 'SELECT * FROM balance.accounts'],
    ["another service's schema", 'CREATE TABLE balance.mine (id int)'],
    ['the public schema', 'CREATE TABLE public.mine (id int)'],
    ['temporary tables', 'CREATE TEMPORARY TABLE mine (id int)'],
    ['further schemas', 'CREATE SCHEMA mine'],
    ["another service's role", `SET ROLE ${database}_balance`],
  ])('has no right to %s', async (_, sql) => {
    await expect(queryOnce(provisioned.serviceUrls.payment, sql)).rejects.toThrow(/permission denied/);
  });
});

test('provisioning again keeps the data and sets new passwords', async () => {
  await queryOnce(provisioned.serviceUrls.token, 'CREATE TABLE kept (id int)');
  const again = await provision({
    adminUrl,
    database,
    passwords: forEachService((service) => `second ${service}`),
  });
  expect(await queryOnce(again.serviceUrls.token, 'SELECT * FROM kept')).toEqual([]);
  await expect(queryOnce(provisioned.serviceUrls.token, 'SELECT 1')).rejects.toThrow(
    /password authentication/,
  );
});

test('two launchers may provision one server at once', async () => {
  await Promise.all([
    provision({ adminUrl, database, passwords }),
    provision({ adminUrl, database, passwords }),
  ]);
});

test('an administrator without the right to make databases is told so in one line', async () => {
  const { balance } = provisioned.serviceUrls;
  await queryOnce(adminUrl, `ALTER ROLE ${database}_balance PASSWORD 'known'`);
  await expect(
    provision({
      adminUrl: Object.assign(new URL(balance), { password: 'known' }).href,
      database: `${database}_other`,
      passwords,
    }),
  ).rejects.toThrow(/^The user of POSTGRES_URL must be allowed .*CREATEROLE.*$/);
});

test.each([
  ['postgres://admin@db:5432', 'holdfast'],
  ['postgres://admin@db:5432/postgres', 'holdfast'],
  ['postgres://admin@db:5432/tickets?sslmode=require', 'tickets'],
])('the database of %s is %s', (url, name) => {
  expect(databaseNamedIn(url)).toBe(name);
});
