import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { parties, type Party, type PartyState } from './parties';

const order: readonly PartyState[] = ['talking', 'held', 'ringing', 'waiting', 'alone'];

const useStyles = makeStyles({
  groups: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, margin: 0 },
  group: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    minWidth: 0,
  },
  talking: { border: `1px solid ${tokens.colorBrandStroke2}`, backgroundColor: tokens.colorBrandBackground2 },
  // Dashed, so that being on hold is not told by colour alone.
  held: { border: `1px dashed ${tokens.colorNeutralStrokeAccessible}` },
  label: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, color: tokens.colorNeutralForeground2 },
  parties: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS, margin: 0, padding: 0, listStyleType: 'none' },
  party: {
    padding: `2px ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
});

/** Who hears whom, at a glance: those who talk stand together, those on hold apart. */
export function PartiesView({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const all = parties(interaction);
  if (all.length === 0) return null;
  const name = (party: Party) => (party.kind === 'you' ? t('call.you') : (party.name ?? t('call.customer')));
  return (
    <div role="group" aria-label={t('call.parties')} className={styles.groups}>
      {order.map((state) => {
        const group = all.filter((party) => party.state === state);
        if (group.length === 0) return null;
        const look = state === 'talking' ? styles.talking : state === 'held' ? styles.held : undefined;
        return (
          <div key={state} className={mergeClasses(styles.group, look)}>
            <span className={styles.label}>{t(`call.${state}`)}</span>
            <ul className={styles.parties}>
              {group.map((party) => (
                <li key={party.kind} className={styles.party}>
                  {name(party)}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
