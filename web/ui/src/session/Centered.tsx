import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useSharedStyles } from '../shared/styles';
import { LanguageSwitch } from './LanguageSwitch';

const useStyles = makeStyles({
  page: { minHeight: '100vh', display: 'flex', flexDirection: 'column', padding: tokens.spacingHorizontalM, boxSizing: 'border-box' },
  corner: { alignSelf: 'flex-end' },
  card: { margin: 'auto', width: 'min(440px, 100%)', boxSizing: 'border-box' },
});

/** A single card in the middle of an otherwise empty page: for all that comes before the desktop. */
export function Centered({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const shared = useSharedStyles();
  return (
    <div className={styles.page}>
      <header className={styles.corner}>
        <LanguageSwitch />
      </header>
      <main className={mergeClasses(shared.card, styles.card)}>{children}</main>
    </div>
  );
}
