import type { ReactNode } from 'react';

export type Tone = 'plain' | 'muted' | 'accent' | 'warn' | 'bad';

/** Each state has a shape of its own, so that it can be told without its colour; a word always stands beside it. */
const shapes = {
  dot: <circle cx="8" cy="8" r="4" fill="currentColor" stroke="none" />,
  ring: <circle cx="8" cy="8" r="4.5" strokeDasharray="3 2" />,
  run: <path d="M5 3.5v9l7.5-4.5z" />,
  undo: <path d="M6 3 2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6.5" />,
  check: <path d="m3 8.5 3.2 3.3L13 4.8" />,
  checks: <path d="m1.5 8.8 2.8 3L10 5M8 11.2l.8.6L14.5 5" />,
  undone: <path d="M5 3 2.5 5.5 5 8M3 5.5h6.5a3.5 3.5 0 0 1 3.5 3.5v1M7 12l2 2 4-4" />,
  pause: <path d="M2.5 2.5h11v11h-11zM6.4 5.8v4.4M9.6 5.8v4.4" />,
  stamp: <path d="M8 2.2 13.8 8 8 13.8 2.2 8zM5.8 8l1.6 1.6 2.8-3" />,
  clock: <path d="M8 4.6V8l2.4 1.6M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2z" />,
  slash: <path d="M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM4 12l8-8" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  question: <path d="M5.6 6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.4M8 12v.2" />,
  floor: <path d="M8 2.5v7M5 6.8 8 9.8l3-3M3 13h10" />,
  letter: <path d="M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5" />,
  queue: <path d="M3 4.5h10M3 8h10M3 11.5h6" />,
  pencil: <path d="m3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3zM9.2 4.5l2.3 2.3" />,
  warning: <path d="M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2" />,
  stop: <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM6 6l4 4M10 6l-4 4" />,
} satisfies Record<string, ReactNode>;
export type Shape = keyof typeof shapes;

export type MarkOf = { shape: Shape; tone: Tone; word: string };

export function Mark({ shape, tone, word }: MarkOf) {
  return (
    <span className="mark" data-tone={tone}>
      <Icon shape={shape} />
      {word}
    </span>
  );
}

export function Icon({ shape }: { shape: Shape }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}
