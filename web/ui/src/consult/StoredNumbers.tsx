import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTargets } from '../api/queries';
import { RefreshButton } from '../shared/RefreshButton';
import { useAnnounce } from '../shared/Announcer';
import { useSharedStyles } from '../shared/styles';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingHorizontalS, gridTemplateColumns: 'repeat(auto-fill, minmax(min(220px, 100%), 1fr))' },
  entry: { width: '100%', maxWidth: 'none', justifyContent: 'flex-start', textAlign: 'start', flexWrap: 'wrap', overflowWrap: 'anywhere' },
  number: { marginInlineStart: tokens.spacingHorizontalS, fontWeight: tokens.fontWeightRegular },
});

/** The numbers that the operator keeps for everybody; one press puts one into the field. */
export function StoredNumbers({ onChoose }: { onChoose: (number: string) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const { targets, refresh } = useTargets('dial-numbers', '');
  const [refreshing, setRefreshing] = useState(false);
  const onRefresh = async () => {
    setRefreshing(true);
    try {
      const read = await refresh();
      announce(t('consult.refreshed', { found: t('consult.found', { count: read.targets.length }) }));
    } catch {
      announce(t('consult.failed'));
    } finally {
      setRefreshing(false);
    }
  };
  const stored = targets.data?.targets ?? [];
  return (
    <section className={shared.stack} aria-label={t('dial.stored')}>
      <div className={shared.row}>
        <h3 className={shared.subheading}>{t('dial.stored')}</h3>
        <RefreshButton busy={refreshing} onPress={() => void onRefresh()} />
      </div>
      {targets.isSuccess && stored.length === 0 && <p className={mergeClasses(shared.text, shared.muted)}>{t('consult.empty')}</p>}
      {targets.isError && <p className={shared.text}>{t('consult.failed')}</p>}
      <ul className={styles.list}>
        {stored.map((target) => (
          <li key={target.id}>
            <Button className={styles.entry} onClick={() => target.number && onChoose(target.number)}>
              {target.name}
              <span className={mergeClasses(shared.muted, shared.number, styles.number)}>{target.number}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
