import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useSession } from '../api/queries';
import type { Interaction } from '../api/types';
import { useTexts } from '../i18n';
import { ProblemBar } from '../shared/ProblemBar';
import { isKey } from '../shared/problemText';
import { leadsHere } from '../shared/shortcuts';
import { small, useSharedStyles } from '../shared/styles';
import { historyRows, type HistoryRow } from './historyRows';
import { useHistory } from './useHistory';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, minWidth: 0 },
  toggle: { alignSelf: 'flex-start', marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalM})` },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(5.5em, max-content) minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'baseline',
    padding: `${tokens.spacingVerticalXS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    [small]: { gridTemplateColumns: 'minmax(0, 1fr) auto' },
  },
  what: { overflowWrap: 'anywhere', [small]: { gridColumn: '1 / -1', gridRow: 2 } },
  who: { fontWeight: tokens.fontWeightSemibold },
  phase: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, textAlign: 'end' },
});

/** What has happened in a call, in words: behind a button, because the present matters more. */
export function CallHistory({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className={mergeClasses(shared.card, styles.section)} aria-label={t('history.title')}>
      <Button
        appearance="subtle"
        className={styles.toggle}
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        {...leadsHere('history')}
      >
        {t('history.title')}
      </Button>
      {open && (
        <div id={id}>
          <HistoryList interaction={interaction} />
        </div>
      )}
    </section>
  );
}

/** The history itself, the newest last, as it happened. */
export function HistoryList({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const history = useHistory(interaction, true);
  const problem = problemIn(history.error);
  if (problem) return <ProblemBar problem={problem} onRetry={() => void history.refetch()} />;
  if (!history.data) return <p className={mergeClasses(shared.text, shared.muted)}>{t('history.loading')}</p>;
  return (
    <ol className={styles.list} aria-label={t('history.title')}>
      {historyRows(history.data.entries, interaction.pending).map((row) => (
        <HistoryItem key={row.version} row={row} interaction={interaction} />
      ))}
    </ol>
  );
}

function HistoryItem({ row, interaction }: { row: HistoryRow; interaction: Interaction }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const you = useSession().data?.agent.id;
  const who = row.person?.id === you ? t('call.you') : (row.person?.name ?? t(`history.actor.${row.actor}`));
  const cause = useCause(row, interaction);
  return (
    <li className={styles.row}>
      <time dateTime={row.at} className={mergeClasses(shared.muted, shared.number)}>
        {new Date(row.at).toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit' })}
      </time>
      <span className={styles.what}>
        <span className={styles.who}>{who}</span>: {useWhat(row)}
        {cause && ` (${cause})`}
      </span>
      <span className={styles.phase}>{row.phase && t(`phase.${row.phase}`)}</span>
    </li>
  );
}

/** What was done or happened; of a command that was not carried out, that it was not. */
function useWhat({ input, outcome }: HistoryRow): string {
  const { t } = useTranslation();
  const texts = useTexts();
  if (outcome !== null && outcome !== 'done' && isKey(texts.action, input)) return t(`history.outcome.${outcome}`, { action: t(`action.${input}`) });
  return t(`history.what.${isKey(texts.history.what, input) ? input : 'other'}`);
}

/** Why, in words: a failure, the kind of target, or the reason of a wrap-up. */
function useCause({ cause, input }: HistoryRow, { wrapUp }: Interaction): string | null {
  const { t } = useTranslation();
  const texts = useTexts();
  if (cause === null) return null;
  if (isKey(texts.kind, cause)) return t(`kind.${cause}`);
  if (cause !== 'next' && isKey(texts.failure, cause)) return t(`failure.${cause}`).replace(/\.$/, '');
  return input === 'wrapUp' || input === 'wrapUpTimeout' ? (wrapUp?.reasons.find(({ code }) => code === cause)?.label ?? cause) : null;
}
