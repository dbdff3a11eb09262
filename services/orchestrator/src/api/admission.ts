import { overloaded } from '@holdfast/shared/http/limit';

/** Takes a place among the sagas of a type. @returns gives it back. @throws Problem where there is none */
export type Admit = (type: string) => () => void;

/**
 * Bounds the sagas that an instance has under way, whether or not a client waits for them. Each type has places of its
 * own: where payments hang because a participant is away, seats can still be held.
 */
export function admission(maxOfEach: number): Admit {
  const underWay = new Map<string, number>();
  return (type) => {
    const before = underWay.get(type) ?? 0;
    if (before >= maxOfEach) throw overloaded();
    underWay.set(type, before + 1);
    return () => underWay.set(type, (underWay.get(type) as number) - 1);
  };
}
