/** What the launcher tells of its progress; the screen is one way to show it. */
export interface Report {
  say(line: string): void;
  stage(label: string): Stage;
}

/** Something that takes a while. It ends with `done`, or silently with `drop` when it has failed. */
export interface Stage {
  update(detail: string): void;
  done(result: string): void;
  drop(): void;
}

export const silent: Report = {
  say: () => undefined,
  stage: () => ({ update: () => undefined, done: () => undefined, drop: () => undefined }),
};
