import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { conferenced, links, parties, type Party } from './parties';
import { discSize, PartyDisc } from './PartyDisc';
import { lineWidth, PartyLine } from './PartyLine';

const archHeight = 18;
const archBorder = `${lineWidth}px solid ${tokens.colorCompoundBrandStroke}`;

const useStyles = makeStyles({
  picture: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground2,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  stage: { position: 'relative', margin: '0 auto', maxWidth: '620px' },
  two: { maxWidth: '420px' },
  parties: { display: 'grid', gridAutoFlow: 'column', gridAutoColumns: 'minmax(0, 1fr)', margin: 0, padding: 0, listStyleType: 'none' },
  arched: { paddingTop: `${archHeight}px` },
  // From the first to the last of three, over the one in the middle.
  arch: {
    position: 'absolute',
    top: 0,
    height: `${archHeight}px`,
    insetInline: 'calc(100% / 6)',
    boxSizing: 'border-box',
    borderTop: archBorder,
    borderLeft: archBorder,
    borderRight: archBorder,
    borderTopLeftRadius: '14px',
    borderTopRightRadius: '14px',
  },
  party: { position: 'relative', display: 'flex', flexDirection: 'column', alignItems: 'center', textAlign: 'center', minWidth: 0, padding: `0 ${tokens.spacingHorizontalXXS}` },
  line: { position: 'absolute', top: `${(discSize - lineWidth) / 2}px`, left: `calc(-50% + ${discSize / 2 + 4}px)`, right: `calc(50% + ${discSize / 2 + 4}px)` },
  name: { marginTop: tokens.spacingVerticalXS, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere', maxWidth: '100%' },
  state: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere', maxWidth: '100%' },
});

/**
 * Who hears whom, at a glance: everybody in the call, a line between those who
 * talk, music at whoever is on hold. `describedBy` is the element with the
 * sentence that says the same.
 */
export function PartiesView({ interaction, describedBy }: { interaction: Interaction; describedBy?: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const list = parties(interaction);
  if (list.length === 0) return null;
  const joined = links(list);
  const together = conferenced(list);
  const name = (party: Party) => (party.kind === 'you' ? t('call.you') : (party.name ?? t('call.customer')));
  return (
    <div role="group" aria-label={t('call.parties')} aria-describedby={describedBy} className={styles.picture}>
      <div className={mergeClasses(styles.stage, list.length < 3 && styles.two)}>
        <ul className={mergeClasses(styles.parties, together && styles.arched)}>
          {list.map((party, position) => (
            <li key={party.kind} className={styles.party}>
              {position > 0 && (
                <span aria-hidden className={styles.line}>
                  <PartyLine link={joined[position - 1] ?? 'none'} />
                </span>
              )}
              <PartyDisc party={party} />
              <span className={styles.name}>{name(party)}</span>
              <span className={styles.state}>{t(`call.${party.state}`)}</span>
            </li>
          ))}
        </ul>
        {together && <span aria-hidden className={styles.arch} />}
      </div>
    </div>
  );
}
