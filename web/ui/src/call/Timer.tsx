import { mergeClasses } from '@fluentui/react-components';
import { useSharedStyles } from '../shared/styles';
import { clockTime, useServerNow } from '../shared/time';

/** Counts up from a server time. Not read out: a voice that counts seconds helps nobody. */
export function Timer({ since, className }: { since: string; className?: string }) {
  const shared = useSharedStyles();
  const now = useServerNow();
  return (
    <span role="timer" aria-live="off" className={mergeClasses(shared.number, className)}>
      {clockTime(now - Date.parse(since))}
    </span>
  );
}
