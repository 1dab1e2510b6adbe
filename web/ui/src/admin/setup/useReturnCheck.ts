import { useEffect, useRef } from 'react';
import { useCheck } from '../organization';

/**
 * The check, and a way to say that somebody leaves for a window of Microsoft's:
 * when they come back, Microsoft is asked without another press.
 */
export function useReturnCheck() {
  const check = useCheck();
  const away = useRef(false);
  const run = check.mutate;
  useEffect(() => {
    const back = () => {
      if (!away.current || document.visibilityState !== 'visible') return;
      away.current = false;
      run();
    };
    window.addEventListener('focus', back);
    document.addEventListener('visibilitychange', back);
    return () => {
      window.removeEventListener('focus', back);
      document.removeEventListener('visibilitychange', back);
    };
  }, [run]);
  return { check, leave: () => void (away.current = true) };
}
