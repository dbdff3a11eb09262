import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { Icon } from './mark.tsx';

/** What went wrong, in the words of the API's problem document. */
export function ProblemNotice({ problem, children }: { problem: unknown; children?: ReactNode }) {
  const known = problem instanceof ApiProblem ? problem : undefined;
  const text = problem instanceof Error ? problem.message : String(problem);
  return (
    <div className="notice" data-tone="bad" role="alert">
      <Icon shape="stop" />
      <div>
        <p>
          <strong>{known?.title ?? 'Something went wrong'}</strong>
          {known && <code className="code-tag">{known.code}</code>}
        </p>
        {text !== known?.title && <p>{text}</p>}
        {known && known.errors.length > 0 && (
          <ul>
            {known.errors.map(({ path, message }) => (
              <li key={path + message}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        {children}
      </div>
    </div>
  );
}

export function Notice({ children, tone = 'plain' }: { children: ReactNode; tone?: 'plain' | 'warn' }) {
  return (
    <div className="notice" data-tone={tone}>
      <Icon shape={tone === 'warn' ? 'warning' : 'check'} />
      <div>{children}</div>
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="empty">
      <Icon shape="check" /> {children}
    </p>
  );
}
