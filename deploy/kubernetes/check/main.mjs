// `npm run kubernetes`: makes the manifests as `kubectl apply -k` would, and checks them against the schemas of Kubernetes
// and KEDA, and each container's environment against the schema that its process checks it with.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { partitionsPerTopic } from '../../../libs/shared/dist/messaging/topics.js';
import { checkEnvironments } from './environment.mjs';
import { build, conform, install, kubernetes } from './tools.mjs';

const folders = ['example', 'example/secured'].flatMap((example) =>
  ['provision', 'migrations', 'app'].map((part) => `${example}/${part}`),
);

/** One more than a topic's partitions would have nothing to do. */
const checkScaling = (objects) =>
  objects
    .filter(({ kind, spec }) => kind === 'ScaledObject' && spec.maxReplicaCount !== partitionsPerTopic)
    .map(({ metadata }) => `ScaledObject ${metadata.name}: at most ${partitionsPerTopic} share the work`);

function check(folder, scratch) {
  const yaml = build(fileURLToPath(new URL(`../${folder}`, import.meta.url)));
  const file = join(scratch, 'manifests.yaml');
  writeFileSync(file, yaml);
  const objects = parseAllDocuments(yaml).map((document) => document.toJS());
  const { wrong, containers } = checkEnvironments(objects);
  const all = [...conform(file), ...wrong, ...checkScaling(objects)];
  console.log(`${folder}: ${objects.length} objects, ${containers} environments, ${all.length} wrong`);
  return all;
}

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-kubernetes-'));
try {
  install();
  const wrong = folders.flatMap((folder) => check(folder, scratch));
  for (const line of wrong) console.error(`✖ ${line}`);
  if (wrong.length > 0) process.exitCode = 1;
  else console.log(`✔ as Kubernetes ${kubernetes} and the services want it`);
} catch (error) {
  console.error(`✖ ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
