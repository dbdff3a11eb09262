import { catalogue } from '@holdfast/shared/contracts/catalogue';
import { dataschemaOf } from '@holdfast/shared/contracts/define';
import { eventsTopic } from '@holdfast/shared/messaging/topics';
import type { Contract } from '../read.ts';

/** Contracts by the type of their event. */
export type Contracts = Readonly<Record<string, Contract>>;

/** Every event as the services publish it now. */
export const current: Contracts = Object.fromEntries(
  catalogue.flatMap(({ service, events }) =>
    events.map(({ type, key, description, data }): [string, Contract] => [
      type,
      JSON.parse(
        JSON.stringify({
          topic: eventsTopic(service),
          key,
          dataschema: dataschemaOf(type),
          description,
          data,
        }),
      ),
    ]),
  ),
);

/** The module that the package ships, of what has been published. */
export const moduleOf = (published: Contracts): string =>
  `// Made of published/*.json by \`npm run publish-schemas\`.\nexport const contracts = ${JSON.stringify(published, null, 2)} as const;\n`;
