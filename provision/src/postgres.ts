import { ConfigError } from '@holdfast/shared/config/config';
import { forEachService, type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import pg from 'pg';

const { escapeIdentifier, escapeLiteral } = pg;

export interface Provisioned {
  /** The administrator's, to the services' database. */
  adminUrl: string;
  serviceUrls: Record<ServiceName, string>;
}

export interface ProvisionOptions {
  adminUrl: string;
  database: string;
  passwords: Record<ServiceName, string>;
}

/** Gives each service its schema, and a role that can see no other. May be repeated at any time. */
export async function provision({ adminUrl, database, passwords }: ProvisionOptions): Promise<Provisioned> {
  const databaseUrl = urlFor(adminUrl, { database });
  try {
    await withClient(adminUrl, async (client) => {
      // Roles belong to the whole server: two launchers must not make them at once.
      await client.query("SELECT pg_advisory_lock(hashtext('holdfast provision'))");
      await createDatabase(client, database);
      await withClient(databaseUrl, (own) => createRolesAndSchemas(own, database, passwords));
    });
  } catch (error) {
    throw isMissingPrivilege(error) ? missingPrivilege(error) : error;
  }
  return {
    adminUrl: databaseUrl,
    serviceUrls: forEachService((service) =>
      urlFor(adminUrl, { database, user: roleOf(database, service), password: passwords[service] }),
    ),
  };
}

/** The database that a URL names, unless it is only where administrators connect. */
export function databaseNamedIn(adminUrl: string): string {
  const name = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  return name === '' || name === 'postgres' ? 'holdfast' : name;
}

// Several systems can share a server, each in its own database, without each other's passwords.
function roleOf(database: string, service: ServiceName): string {
  return `${database}_${service}`;
}

async function createDatabase(client: pg.Client, database: string): Promise<void> {
  const existing = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (existing.rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(database)}`);
}

async function createRolesAndSchemas(
  client: pg.Client,
  database: string,
  passwords: Record<ServiceName, string>,
): Promise<void> {
  await client.query('BEGIN');
  await client.query(`
    REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
  `);
  for (const service of serviceNames) {
    await createRoleAndSchema(client, database, service, passwords[service]);
  }
  await client.query('COMMIT');
}

async function createRoleAndSchema(
  client: pg.Client,
  database: string,
  service: ServiceName,
  password: string,
): Promise<void> {
  const name = roleOf(database, service);
  const role = escapeIdentifier(name);
  const schema = escapeIdentifier(service);
  const existing = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (existing.rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  await client.query(`
    ALTER ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)};
    GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${role};
    -- An administrator who isn't a superuser must be a member to make it the owner of anything.
    GRANT ${role} TO CURRENT_USER;
    CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${role};
    ALTER ROLE ${role} IN DATABASE ${escapeIdentifier(database)} SET search_path = ${schema};
  `);
}

function isMissingPrivilege(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

function missingPrivilege({ message }: pg.DatabaseError): ConfigError {
  return new ConfigError(
    `The user of POSTGRES_URL must be allowed to create databases and roles (${message}): ` +
      'grant it CREATEDB and CREATEROLE, or name another user',
  );
}

async function withClient(
  connectionString: string,
  use: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function urlFor(adminUrl: string, own: { database: string; user?: string; password?: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(own.database)}`;
  if (own.user !== undefined) url.username = own.user;
  if (own.password !== undefined) url.password = own.password;
  return url.href;
}
