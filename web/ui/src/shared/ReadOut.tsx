import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  // Empty it takes no room, nor a gap beside others.
  place: { flexShrink: 0, minWidth: 0, maxWidth: '100%', ':empty': { position: 'absolute' } },
});

/**
 * Whatever appears in here is read out, politely (WCAG 4.1.3). It is there
 * before its content is: what comes together with its place is not news to
 * assistive technology.
 */
export function ReadOut({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return (
    <div aria-live="polite" className={styles.place}>
      {children}
    </div>
  );
}
