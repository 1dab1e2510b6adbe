import { useEffect, useState } from 'react';

/** Gives the keyboard back, once the dialog that uses this has gone, to whatever had it when the dialog came. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
}
