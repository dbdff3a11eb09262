import { type Client, createClient } from '@holdfast/client/client';
import { createContext, type ReactNode, useContext, useMemo } from 'react';

const Context = createContext<Client | undefined>(undefined);

/** Gives all that is below a client whose requests are those of the user whose token it is. */
export function Connection({ token, children }: { token: string | undefined; children: ReactNode }) {
  const client = useMemo(() => createClient({ url: location.origin, accessToken: token }), [token]);
  return <Context value={client}>{children}</Context>;
}

export function useClient(): Client {
  const client = useContext(Context);
  if (!client) throw new Error('There is no Connection.');
  return client;
}
