import { Button, Spinner } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';

/** Fetches a list anew; keeps its size and place while it works. */
export function RefreshButton({ busy, onPress }: { busy: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      icon={busy ? <Spinner size="tiny" aria-hidden /> : <ArrowClockwiseRegular />}
      disabledFocusable={busy}
      aria-busy={busy}
      onClick={onPress}
    >
      {t('app.refresh')}
    </Button>
  );
}
