import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular, ErrorCircleRegular, QuestionCircleRegular, WarningRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';

export type Result = 'ok' | 'warning' | 'failed' | 'unknown';

const icons = { ok: CheckmarkCircleRegular, warning: WarningRegular, failed: ErrorCircleRegular, unknown: QuestionCircleRegular };

const useStyles = makeStyles({
  icon: { flexShrink: 0 },
  ok: { color: tokens.colorPaletteGreenForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  failed: { color: tokens.colorPaletteRedForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

/** How something stands, by shape, colour and a word for those who see neither. */
export function ResultIcon({ result, size = 20 }: { result: Result; size?: number }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const Icon = icons[result];
  return <Icon className={mergeClasses(styles.icon, styles[result])} fontSize={size} role="img" aria-label={t(`admin.checks.result.${result}`)} />;
}

/** The result behind a word of the service: of a check, or the colour of a step of an explanation. */
export function resultOf(word: string): Result {
  switch (word) {
    case 'ok':
    case 'green':
      return 'ok';
    case 'warning':
    case 'yellow':
      return 'warning';
    case 'failed':
    case 'red':
      return 'failed';
  }
  return 'unknown';
}
