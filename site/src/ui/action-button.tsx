import type { ReactNode, Ref } from 'react';

/**
 * A button that starts something and can't be pressed meanwhile. It isn't `disabled` then, which would take the focus away
 * from whoever has pressed it by keyboard.
 */
export function ActionButton(props: {
  children: ReactNode;
  onPress: () => void;
  /** Why it can't be pressed: it runs, or something is missing. */
  off?: boolean;
  primary?: boolean;
  ref?: Ref<HTMLButtonElement>;
}) {
  const { children, onPress, off = false, primary = false, ref } = props;
  return (
    <button
      ref={ref}
      type="button"
      className={primary ? 'action primary' : 'action'}
      aria-disabled={off}
      onClick={() => {
        if (!off) onPress();
      }}
    >
      {children}
    </button>
  );
}
