import { Button, makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { useId, type ReactElement, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { meant } from './clicks';
import { leadsHere, type Shortcut } from './shortcuts';

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
  /** Whether it opens a dialog. */
  opensDialog?: boolean;
  /** The letter that leads to it. */
  shortcut?: Shortcut;
  /** For whoever has to give the focus back to it. */
  ref?: Ref<HTMLButtonElement>;
}

const useStyles = makeStyles({
  command: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: 0 },
  button: { minHeight: '44px', maxWidth: 'none', width: '100%' },
  words: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
  blocked: { color: tokens.colorNeutralForeground3 },
});

/**
 * A command of a call: its name, and below it what it does or why it cannot be
 * done. A blocked one keeps its place in the focus order, so that the reason
 * can be found; a running one says so and takes no second press. What follows
 * from a press never takes the second of a double click, nor a key held down.
 */
export function CommandButton(props: Props) {
  const { label, effect, blocked, running = false, icon, primary = false, onPress, opensDialog = false, shortcut, ref } = props;
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const words = running ? t('running.one') : (blocked ?? effect);
  return (
    <div className={styles.command}>
      <Button
        ref={ref}
        className={styles.button}
        appearance={primary ? 'primary' : 'secondary'}
        icon={running ? <Spinner size="tiny" aria-hidden /> : icon}
        disabledFocusable={running || blocked !== null}
        aria-busy={running}
        aria-haspopup={opensDialog ? 'dialog' : undefined}
        aria-describedby={words ? id : undefined}
        {...leadsHere(shortcut)}
        onClick={({ nativeEvent }) => meant(nativeEvent) && onPress()}
        onKeyDown={(event) => event.repeat && event.key === 'Enter' && event.preventDefault()}
      >
        {label}
      </Button>
      {words && (
        <span id={id} className={mergeClasses(styles.words, blocked !== null && styles.blocked)}>
          {words}
        </span>
      )}
    </div>
  );
}
