import { CompoundButton, makeStyles, Spinner } from '@fluentui/react-components';
import { useId, type ButtonHTMLAttributes, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  /** What pressing it does, in a few words. */
  effect?: string | undefined;
  /** Why it cannot be pressed now; null when it can. */
  blocked: string | null;
  running?: boolean;
  icon?: ReactElement;
  primary?: boolean;
  onPress: () => void;
  /** Further attributes of the button, such as what it opens. */
  extra?: Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-haspopup'> & Record<`data-${string}`, string | undefined>;
}

const useStyles = makeStyles({
  button: { justifyContent: 'flex-start', textAlign: 'start', minHeight: '52px', maxWidth: '100%' },
  secondary: { whiteSpace: 'normal' },
});

/**
 * A command of a call: its name, and below it what it does or why it cannot be
 * done. A blocked one keeps its place in the focus order, so that the reason
 * can be found; a running one says so and takes no second press.
 */
export function CommandButton({ label, effect, blocked, running = false, icon, primary = false, onPress, extra }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const words = running ? t('running.one') : (blocked ?? effect);
  return (
    <CompoundButton
      {...extra}
      className={styles.button}
      appearance={primary ? 'primary' : 'secondary'}
      icon={running ? <Spinner size="tiny" aria-hidden /> : icon}
      disabledFocusable={running || blocked !== null}
      aria-busy={running}
      aria-labelledby={`${id}-label`}
      aria-describedby={words ? `${id}-words` : undefined}
      onClick={onPress}
      secondaryContent={
        words && {
          className: styles.secondary,
          children: <span id={`${id}-words`}>{words}</span>,
        }
      }
    >
      <span id={`${id}-label`}>{label}</span>
    </CompoundButton>
  );
}
