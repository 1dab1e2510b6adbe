import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { FilterRegular } from '@fluentui/react-icons';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { small } from '../shared/styles';

const useStyles = makeStyles({
  button: { display: 'none', [small]: { display: 'inline-flex' } },
  // In a wide window they stand beside the search as if there were nothing around them.
  filters: { display: 'contents' },
  folded: { [small]: { display: 'none' } },
});

/** Filters of a list: in a small window behind a button that says how many are set, else all in sight. */
export function FilterFold({ set, children }: { set: number; children: ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className={styles.button} icon={<FilterRegular />} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {set > 0 ? t('experts.filtersSet', { count: set }) : t('experts.filters')}
      </Button>
      <div id={id} className={mergeClasses(styles.filters, !open && styles.folded)}>
        {children}
      </div>
    </>
  );
}
