/** The ids that were seen last, in the order in which they came: enough for whatever may come twice. */
export type Seen = Set<string>;

/** Far more than what a producer repeats; what was read long ago, Kafka's position in the topic keeps from coming again. */
const maxSeen = 10_000;

/** @returns whether it is new */
export function see(seen: Seen, id: string): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  if (seen.size > maxSeen) seen.delete(seen.values().next().value as string);
  return true;
}
