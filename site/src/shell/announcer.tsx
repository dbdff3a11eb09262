import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

const Context = createContext<(text: string) => void>(() => undefined);

/** A region that screen readers read aloud whenever its text changes. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', times: 0 });
  const announce = useCallback((text: string) => setSaid(({ times }) => ({ text, times: times + 1 })), []);
  return (
    <Context value={announce}>
      {children}
      <div className="unseen" role="status">
        {/* Another element, or the same words twice would be no change. */}
        <span key={said.times}>{said.text}</span>
      </div>
    </Context>
  );
}

/** Says something aloud that is to be seen elsewhere on the page. */
export const useAnnounce = (): ((text: string) => void) => useContext(Context);
