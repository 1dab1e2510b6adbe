import { useEffect, type RefObject } from 'react';

/**
 * Never lets the keyboard be nowhere: when whatever had it in this region goes
 * away, such as a button whose command has been carried out, `rescue` puts it
 * somewhere else. Dialogs are outside of the region and see to themselves.
 */
export function useKeptFocus(region: RefObject<HTMLElement | null>, rescue: () => void): void {
  useEffect(() => {
    const within = region.current;
    if (within === null) return;
    let last: EventTarget | null = null;
    const came = ({ target }: FocusEvent) => (last = target);
    const left = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) last = null; // somewhere else; without one it may be gone
    };
    const observer = new MutationObserver(() => {
      if (!(last instanceof Node) || last.isConnected) return;
      last = null;
      if (document.activeElement === document.body) rescue();
    });
    within.addEventListener('focusin', came);
    within.addEventListener('focusout', left);
    observer.observe(within, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      within.removeEventListener('focusin', came);
      within.removeEventListener('focusout', left);
    };
  }, [region, rescue]);
}
