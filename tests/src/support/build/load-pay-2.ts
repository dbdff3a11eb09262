import type { LoadHook } from 'node:module';

/** A module loader hook: a build that has a second version of the pay saga, which doesn't ask for the balance first. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith('/services/orchestrator/dist/sagas/all.js')) return loaded;
  const source = String(loaded.source);
  const list = /\[([^\]]*\bpaySaga\b[^\]]*)\]/;
  if (!list.test(source)) throw new Error(`${url} has changed: it has no list with paySaga`);
  const pay2 = `{ ...paySaga, version: 2, steps: paySaga.steps.filter(({ name }) => name !== 'load-balance') }`;
  return { ...loaded, source: source.replace(list, (_, names) => `[${names}, ${pay2}]`) };
};
