import { type ReactNode, useId } from 'react';
import { useNoChangesBecause } from '../session/me.ts';

type ChangeButton = { label: string; onClick: () => void; look?: 'primary' | 'danger' | undefined };

/** Buttons that change something. Whoever may not press them is told why. */
export function ChangeButtons({ buttons, children }: { buttons: ChangeButton[]; children?: ReactNode }) {
  const because = useNoChangesBecause();
  const becauseId = useId();
  return (
    <div className="changes">
      {buttons.map(({ label, onClick, look }) => (
        <button
          key={label}
          type="button"
          className={look}
          onClick={onClick}
          disabled={because !== undefined}
          aria-describedby={because && becauseId}
        >
          {label}
        </button>
      ))}
      {children}
      {because && (
        <p id={becauseId} className="why-not">
          {because}
        </p>
      )}
    </div>
  );
}
