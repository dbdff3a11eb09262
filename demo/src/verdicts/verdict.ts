/** `holds` undefined: it couldn't be looked at. */
export type Verdict = { claim: string; holds: boolean | undefined; detail: string };

/** The claim stands when there are no objections; of many, a few are enough to begin with. */
export function verdict(claim: string, objections: readonly string[], otherwise: string): Verdict {
  if (objections.length === 0) return { claim, holds: true, detail: otherwise };
  const shown = objections.slice(0, 3).join('; ');
  const more = objections.length > 3 ? `; and ${objections.length - 3} more` : '';
  return { claim, holds: false, detail: shown + more };
}
