import { useEffect, useRef } from 'react';

/** The page that somebody came to begins at its top, where the skip link is. */
let isFirst = true;

/** A page's heading. The focus goes there when another page begins, so that a screen reader says where one is. */
export function PageTitle({ title }: { title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <>
      <title>{`${title} · Holdfast`}</title>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
    </>
  );
}
