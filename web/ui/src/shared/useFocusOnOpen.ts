import { useEffect, useRef, type RefObject } from 'react';

/**
 * Puts the keyboard into an element once it is there. A frame later than
 * anything else: Fluent's dialog gives the focus to its first button itself.
 */
export function useFocusOnOpen<T extends HTMLElement>(wanted: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  const once = useRef(wanted);
  useEffect(() => {
    if (!once.current) return;
    const frame = requestAnimationFrame(() => {
      once.current = false;
      element.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return element;
}
