// `npm run docs`: writes docs/configuration.md from the schemas that the services check their environment against. CI fails
// where that is not what is committed.

import { writeFileSync } from 'node:fs';
import { describeVariables } from '../libs/shared/dist/config/describe.js';

const schemaOf = async (module, name = 'Config') => (await import(`../${module}/config.js`))[name];

/** Payment has no variables of its own: what it takes is common to all services. */
const common = describeVariables(await schemaOf('services/payment/dist'));
const isCommon = ({ name }) => common.some((variable) => variable.name === name);

function section(title, variables, text) {
  const rows = variables.map((variable) => {
    const { name, type, need, secret, description } = variable;
    const value = variable.default ? `\`${variable.default}\`` : need === 'optional' ? '' : need;
    return `| \`${name}\`${secret ? ' (secret)' : ''} | ${type} | ${value} | ${description} |`;
  });
  return `## ${title}\n\n${text}\n\n| variable | type | default | |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

const services = ['orchestrator', 'reservation', 'balance', 'token'];
const own = await Promise.all(
  services.map(async (service) =>
    section(
      `${service[0].toUpperCase()}${service.slice(1)}`,
      describeVariables(await schemaOf(`services/${service}/dist`)).filter((variable) => !isCommon(variable)),
      'Besides what all services take:',
    ),
  ),
);

const intro = `# Configuration

Written by \`npm run docs\` from the schemas that the processes themselves check their environment against; each prints its own with
\`--help\`. One that starts with a wrong environment says everything that is wrong with it at once, by name and never with a
value, and exits with 1.

- An empty variable counts as unset. Lists are comma-separated, flags are \`1\` or \`0\`.
- Certificates are named by file, PEM, so that they can be mounted.
- What is marked as secret belongs in a secret store, and goes to no process but its own.
- \`required\` and \`exactly one of …\` stand where there is no default.
`;

writeFileSync(
  new URL('configuration.md', import.meta.url),
  [
    intro,
    section('Every service', common, 'The orchestrator, reservation, payment, balance and token services:'),
    ...own,
    section(
      'Gateway',
      describeVariables(await schemaOf('gateway/dist', 'GatewayConfig')),
      'It knows none of the above, and no secret:',
    ),
    section(
      'Provisioning',
      describeVariables(await schemaOf('provision/dist')),
      'An administrator runs it before the services, and again whenever a password or a version has changed:',
    ),
  ].join('\n'),
);
