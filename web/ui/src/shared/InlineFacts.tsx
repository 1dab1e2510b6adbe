import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useSharedStyles } from './styles';

const useStyles = makeStyles({
  facts: { margin: 0, display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalXL },
  fact: { display: 'flex', columnGap: tokens.spacingHorizontalXS, minWidth: 0 },
  value: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
});

/** Names with what they are, one beside the other as far as there is room: a row of a list that has many. */
export function InlineFacts({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return <dl className={styles.facts}>{children}</dl>;
}

/** One of them; nothing without a value. `lang` is the value's, where it is not the page's. */
export function InlineFact({ term, lang, children }: { term: string; lang?: string; children: string | null | undefined }) {
  const styles = useStyles();
  const shared = useSharedStyles();
  if (!children) return null;
  return (
    <div className={styles.fact}>
      <dt className={shared.muted}>{term}</dt>
      <dd className={styles.value} lang={lang}>
        {children}
      </dd>
    </div>
  );
}
