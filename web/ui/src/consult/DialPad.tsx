import { Button, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from '@fluentui/react-components';
import { BackspaceRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';

/** The keys of a telephone (ITU-T E.161), row by row, with the letters that stand on them. */
const rows = [
  [['1', ''], ['2', 'ABC'], ['3', 'DEF']],
  [['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO']],
  [['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ']],
  [['*', ''], ['0', ''], ['#', '']],
] as const;

const useStyles = makeStyles({
  pad: { display: 'grid', gridTemplateColumns: 'repeat(3, minmax(56px, 1fr))', gap: tokens.spacingHorizontalXS, maxWidth: '280px' },
  key: { minWidth: 0, height: '44px', padding: 0, flexDirection: 'column', fontVariantNumeric: 'tabular-nums' },
  digit: { fontSize: tokens.fontSizeBase400, lineHeight: '20px' },
  letters: { fontSize: tokens.fontSizeBase100, lineHeight: '12px', fontWeight: tokens.fontWeightRegular, letterSpacing: '1px', color: tokens.colorNeutralForeground2 },
  wide: { gridColumn: 'span 2', maxWidth: 'none' },
});

interface Props {
  onKey: (key: string) => void;
  onBack: () => void;
  /** Nothing to take back. */
  empty: boolean;
}

/** The keys of a telephone, for whoever points or touches; one stop of the Tab key, arrows go from key to key. */
export function DialPad({ onKey, onBack, empty }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: 'grid-linear', memorizeCurrent: true });
  return (
    <div role="group" aria-label={t('dial.pad')} className={styles.pad} {...arrows}>
      {rows.flat().map(([key, letters]) => (
        <Button key={key} className={styles.key} aria-label={spoken(key)} onClick={() => onKey(key)}>
          <span className={styles.digit}>{key}</span>
          {letters !== '' && <span className={styles.letters}>{letters}</span>}
        </Button>
      ))}
      <Button className={styles.key} aria-label={t('dial.key.plus')} onClick={() => onKey('+')}>
        <span className={styles.digit}>+</span>
      </Button>
      <Button
        className={mergeClasses(styles.key, styles.wide)}
        icon={<BackspaceRegular />}
        aria-label={t('dial.key.back')}
        title={t('dial.key.back')}
        disabledFocusable={empty}
        onClick={onBack}
      />
    </div>
  );

  /** A name for what voices read in their own ways or not at all; a digit says itself. */
  function spoken(key: string): string | undefined {
    if (key === '*') return t('dial.key.star');
    return key === '#' ? t('dial.key.hash') : undefined;
  }
}
