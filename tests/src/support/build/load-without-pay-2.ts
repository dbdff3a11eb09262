import type { LoadHook } from 'node:module';

/** A module loader hook: an older build, which has only the first version of the pay saga. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith('/services/orchestrator/dist/sagas/all.js')) return loaded;
  const source = String(loaded.source);
  const pay2 = /(?<=oneByOne\(paySaga, 1\)),\s*paySaga(?=,)/;
  if (!pay2.test(source)) throw new Error(`${url} has changed: it has no list with both versions of paySaga`);
  return { ...loaded, source: source.replace(pay2, '') };
};
