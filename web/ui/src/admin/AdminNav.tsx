import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { pointedAt, useSharedStyles } from '../shared/styles';
import { addressOf, sections, type Section } from './sections';

const useStyles = makeStyles({
  nav: { minWidth: 0 },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalXXS,
    '@media (min-width: 860px)': { flexDirection: 'column', position: 'sticky', top: tokens.spacingVerticalL },
  },
  link: {
    display: 'block',
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    borderLeft: '3px solid transparent',
    '@media (forced-colors: active)': { borderLeft: '3px solid Canvas' },
    ':hover': pointedAt,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    fontWeight: tokens.fontWeightSemibold,
    borderLeft: `3px solid ${tokens.colorCompoundBrandStroke}`,
    '@media (forced-colors: active)': { borderLeft: '3px solid Highlight' },
  },
  tenant: { marginTop: tokens.spacingVerticalM, padding: `0 ${tokens.spacingHorizontalM}`, overflowWrap: 'anywhere', fontSize: tokens.fontSizeBase200 },
});

/** The ways to the pages of the administration: beside them, or above where there is no room. */
export function AdminNav({ current, tenant }: { current: Section; tenant: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  return (
    <nav aria-label={t('admin.title')} className={styles.nav}>
      <ul className={styles.list}>
        {sections.map((section) => (
          <li key={section}>
            <a
              href={addressOf(section)}
              aria-current={section === current ? 'page' : undefined}
              className={mergeClasses(styles.link, section === current && styles.current)}
            >
              {t(`admin.sections.${section}`)}
            </a>
          </li>
        ))}
      </ul>
      <p className={mergeClasses(styles.tenant, shared.muted)}>{t('admin.organization', { tenant })}</p>
    </nav>
  );
}
