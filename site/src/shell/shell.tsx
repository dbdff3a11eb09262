import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useLanguage } from '../language/language.tsx';
import { endSession, useSession } from '../session/session.ts';

/** What stands around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const { messages } = useLanguage();
  const { token } = useSession();
  const [location] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [location]);

  return (
    <>
      <a className="skip" href="#main">
        {messages.skip}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          <img src="/icon.svg" alt="" width="22" height="22" /> Holdfast
        </Link>
        <nav aria-label={messages.pages}>
          <Place path="/">{messages.concerts}</Place>
          {token !== undefined && <Place path="/reservations">{messages.mySeats}</Place>}
          {token !== undefined && <Place path="/balance">{messages.balance}</Place>}
        </nav>
        <LanguageSwitch />
        {token !== undefined && (
          <button type="button" className="quiet" onClick={() => endSession()}>
            {messages.signOut}
          </button>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="bottom">
        <a href="/docs/">{messages.forDevelopers}</a>
        <a href="/console/">{messages.forOperators}</a>
      </footer>
    </>
  );
}

function Place({ path, children }: { path: string; children: ReactNode }) {
  const [location] = useLocation();
  return (
    <Link href={path} aria-current={location === path ? 'page' : undefined}>
      {children}
    </Link>
  );
}

function LanguageSwitch() {
  const { code, messages, switchTo } = useLanguage();
  const other = code === 'en' ? 'ko' : 'en';
  return (
    <button type="button" className="quiet" lang={other} onClick={() => switchTo(other)}>
      {messages.otherLanguage}
    </button>
  );
}
