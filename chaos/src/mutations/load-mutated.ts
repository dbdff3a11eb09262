import type { LoadHook } from 'node:module';
import { type Mutation, mutations, type Patch } from './mutations.ts';

const patches: readonly Patch[] = mutations[process.env.HOLDFAST_MUTATION as Mutation];

/** A module loader hook: gives the mutated source of what the mutation is about. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const here = patches.filter(({ file }) => url.endsWith(file));
  if (here.length === 0) return loaded;
  return { ...loaded, source: here.reduce(mutate, String(loaded.source)) };
};

function mutate(source: string, { file, from, to }: Patch): string {
  if (!source.includes(from)) throw new Error(`${file} has changed: it has no "${from}" to mutate`);
  return source.replace(from, () => to);
}
