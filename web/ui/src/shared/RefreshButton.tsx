import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { small } from './styles';

const useStyles = makeStyles({
  // In a small window the arrow alone stands beside the search.
  button: { [small]: { minWidth: '32px', paddingInline: '6px' } },
  word: { [small]: { display: 'none' } },
});

/** Fetches a list anew; keeps its size and place while it works. */
export function RefreshButton({ busy, onPress }: { busy: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Button
      className={styles.button}
      icon={busy ? <Spinner size="tiny" aria-hidden /> : <ArrowClockwiseRegular />}
      disabledFocusable={busy}
      aria-busy={busy}
      aria-label={t('app.refresh')}
      title={t('app.refresh')}
      onClick={onPress}
    >
      <span className={styles.word}>{t('app.refresh')}</span>
    </Button>
  );
}
