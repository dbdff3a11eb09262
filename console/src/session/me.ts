import { useQuery } from '@tanstack/react-query';
import { me } from '../api/operations.ts';
import type { Me } from '../api/types.ts';

/** Who is signed in; undefined until it is known. */
export function useMe(): Me | undefined {
  return useQuery({ queryKey: ['me'], queryFn: () => me(), staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Why this person may change nothing; undefined when they may. */
export function useNoChangesBecause(): string | undefined {
  const who = useMe();
  if (!who) return 'It is not known yet who you are.';
  return who.role === 'operator' ? undefined : 'This takes the role operator; yours is viewer.';
}
