// Whether each process gets the environment that its schema asks for: the names, the values, and secrets only by reference.

import { GatewayConfig as gateway } from '../../../gateway/dist/config.js';
import { MigrationConfig } from '../../../libs/shared/dist/config/common.js';
import { loadConfig } from '../../../libs/shared/dist/config/config.js';
import { Config as provision } from '../../../provision/dist/config.js';
import { Config as balance } from '../../../services/balance/dist/config.js';
import { Config as orchestrator } from '../../../services/orchestrator/dist/config.js';
import { Config as payment } from '../../../services/payment/dist/config.js';
import { Config as reservation } from '../../../services/reservation/dist/config.js';
import { Config as token } from '../../../services/token/dist/config.js';

const schemas = { orchestrator, reservation, payment, balance, token, gateway, provision };

const isSecret = (schema, name) => schema.properties[name]?.writeOnly === true;

/** What a secret might hold. */
function example(name) {
  if (name === 'POSTGRES_URL') return 'postgres://holdfast:password@postgres/holdfast';
  if (name === 'EXTERNAL_API_SECRET') return `whsec_${Buffer.alloc(32).toString('base64')}`;
  if (name === 'REDIS_URL' || name === 'LOCK_REDIS_URLS') return 'redis://redis:6379';
  return 'x'.repeat(32);
}

/** @returns what is wrong with the environment of the containers among these objects, and how many there were */
export function checkEnvironments(objects) {
  const configMaps = new Map(
    objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata, data }) => [metadata.name, data]),
  );
  const containers = objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .flatMap(({ kind, metadata, spec }) =>
      spec.template.spec.containers.map((container) => ({ name: `${kind} ${metadata.name}`, container })),
    );
  const wrong = containers.flatMap(({ name, container }) =>
    complaints(container, configMaps).map((complaint) => `${name}: ${complaint}`),
  );
  return { wrong, containers: containers.length };
}

function complaints({ image, command = [], envFrom = [], env = [] }, configMaps) {
  const service = /^holdfast\/(\w+)/.exec(image)?.[1];
  const schema = command.includes('dist/migrate.js') ? MigrationConfig : schemas[service];
  if (!schema) return [`nobody knows what ${image} is configured with`];

  const given = {};
  const optional = {};
  const shown = [];
  for (const { configMapRef } of envFrom) {
    const data = configMaps.get(configMapRef.name);
    if (!data) return [`there is no ConfigMap ${configMapRef.name}`];
    Object.assign(given, data);
    shown.push(...Object.keys(data));
  }
  for (const { name, value, valueFrom } of env) {
    const secret = valueFrom?.secretKeyRef;
    if (!secret) shown.push(name);
    (secret?.optional ? optional : given)[name] = secret ? example(name) : value;
  }
  // Whoever makes a secret decides on what may be missing from it.
  const without = invalid(schema, given);
  const withAll = invalid(schema, { ...given, ...optional });
  return [
    ...[...Object.keys(given), ...env.map(({ name }) => name)]
      .filter((name) => !(name in schema.properties || name === 'NODE_EXTRA_CA_CERTS'))
      .map((name) => `${name} is no variable of it`),
    ...shown
      .filter((name) => isSecret(schema, name))
      .map((name) => `${name} is a secret, and not by reference`),
    ...(withAll.length > 0 ? without : []),
  ];
}

function invalid(schema, env) {
  try {
    loadConfig(schema, env);
    return [];
  } catch (error) {
    return [error.message];
  }
}
