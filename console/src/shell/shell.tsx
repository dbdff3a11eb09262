import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLive } from '../live/live.tsx';
import { LiveMark } from '../live/live-mark.tsx';
import { useMe } from '../session/me.ts';
import { endSession } from '../session/session.ts';
import { count } from '../ui/format.ts';
import { HelpDialog } from './help-dialog.tsx';
import { places } from './places.ts';
import { useShortcuts } from './shortcuts.ts';

/** What stands around every page: where one is, whether it is live, who one is. */
export function Shell({ children }: { children: ReactNode }) {
  const [help, setHelp] = useState(false);
  const [, goTo] = useLocation();
  useShortcuts({ goTo, openHelp: () => setHelp(true) });

  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <span className="brand">
          <img src="/console/icon.svg" alt="" width="20" height="20" />{' '}
          <span className="brand-name">Holdfast</span>
        </span>
        <Navigation />
        <div className="top-end">
          <LiveMark />
          <button type="button" className="quiet" onClick={() => setHelp(true)}>
            Keys <kbd>?</kbd>
          </button>
          <Who />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function Navigation() {
  const [location] = useLocation();
  const { overview } = useLive();
  const waiting: Record<string, number | undefined> = {
    '/parked': overview?.sagas.parked,
    '/dead-letters': overview?.deadLetters.open,
  };
  const isAt = (path: string) =>
    path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
  return (
    <nav aria-label="Pages">
      <ul>
        {places.map(({ path, name }) => (
          <li key={path}>
            <Link href={path} aria-current={isAt(path) ? 'page' : undefined}>
              {name}
              {path in waiting && (
                // Its width is kept, so that nothing moves when the first one comes.
                <span className="badge" data-none={!waiting[path]}>
                  {count(waiting[path] ?? 0)}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Who() {
  const me = useMe();
  return (
    <span className="who">
      <span className="who-name">{me?.name ?? (me ? 'No name' : '…')}</span>
      <span className="role">{me?.role ?? '…'}</span>
      <button type="button" className="quiet" onClick={() => endSession()}>
        Sign out
      </button>
    </span>
  );
}
