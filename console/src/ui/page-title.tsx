import { type ReactNode, useEffect, useRef } from 'react';

// The first page of a visit leaves the focus where the browser puts it.
let visited = false;

/** The heading that a page begins with: names the tab, and takes the focus so that a screen reader begins here. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (visited) ref.current?.focus({ preventScroll: true });
    visited = true;
  }, []);

  return (
    <header className="page-title">
      <title>{`${title} · Holdfast`}</title>
      <h1 ref={ref} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </header>
  );
}
