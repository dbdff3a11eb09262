import { Mark } from '../ui/mark.tsx';
import { useNow } from '../ui/now.ts';
import { useLive } from './live.tsx';

/** Says whether the numbers are of now. */
export function LiveMark() {
  const { state } = useLive();
  const now = useNow();
  return (
    <span className="live" data-state={state.is}>
      <span role="status">
        {state.is === 'live' && <Mark shape="dot" tone="accent" word="Live" />}
        {state.is === 'connecting' && <Mark shape="ring" tone="muted" word="Connecting" />}
        {state.is === 'waiting' && <Mark shape="warning" tone="warn" word="Reconnecting" />}
      </span>
      {state.is === 'waiting' && (
        <span className="live-wait"> in {Math.max(0, Math.ceil((state.retryAt - now) / 1_000))} s</span>
      )}
    </span>
  );
}
