import { useEffect } from 'react';
import { places } from './places.ts';

const key = 'holdfast.shortcuts';
const sequenceMs = 1_200;

/** Single keys get in the way of who dictates: they can be switched off. */
export const shortcutsAreOn = (): boolean => localStorage.getItem(key) !== 'off';
export const switchShortcuts = (on: boolean): void => localStorage.setItem(key, on ? 'on' : 'off');

/** `g` and a letter goes to a page; `?` tells the keys. Not while something is typed, or a dialog is open. */
export function useShortcuts(act: { goTo: (path: string) => void; openHelp: () => void }): void {
  useEffect(() => {
    let goAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !shortcutsAreOn() || isBusy(event.target)) return;
      if (event.key === '?') {
        event.preventDefault();
        act.openHelp();
        return;
      }
      const place = places.find((each) => each.key === event.key);
      if (place && event.timeStamp - goAt < sequenceMs) {
        event.preventDefault();
        act.goTo(place.path);
      }
      goAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [act]);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
