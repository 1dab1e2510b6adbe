import { Button, Checkbox, Field, MessageBar, MessageBarBody, mergeClasses, Radio, RadioGroup } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { DialCheck } from '../api/types';
import { useSharedStyles } from '../shared/styles';

interface Props {
  check: DialCheck | undefined;
  /** What the page itself cut at paste. */
  removed: readonly string[];
  checking: boolean;
  failed: boolean;
  /** Asks once more after a failure. */
  onRetry: () => void;
  reading: string | null;
  onReading: (reading: string) => void;
  /** The emergency number that is about to be dialled, or null. */
  emergency: string | null;
  confirmed: boolean;
  onConfirmed: (confirmed: boolean) => void;
}

/** What the service made of a number: what was cut, the format, and the questions that only a person can answer. */
export function DialCheckView(props: Props) {
  const { check, checking, failed, onRetry, reading, onReading, emergency, confirmed, onConfirmed } = props;
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const removed = check && check.removed.length > 0 ? check.removed : props.removed;
  const what = removed.map((piece) => (piece.trim() === '' ? t('dial.space') : piece)).join('  ');
  const country = check?.country ? countryName(check.country, i18n.language) : null;
  return (
    <div className={shared.stack}>
      <div className={shared.stack} aria-live="polite">
        {checking && <p className={mergeClasses(shared.text, shared.muted)}>{t('dial.checking')}</p>}
        {failed && (
          <p className={shared.text}>
            {t('dial.checkFailed')}{' '}
            <Button size="small" onClick={onRetry}>
              {t('app.retry')}
            </Button>
          </p>
        )}
        {what !== '' && <p className={shared.text}>{t('dial.removed', { what })}</p>}
        {check?.valid && !check.ambiguous && check.dialable && (
          <p className={shared.text}>
            <strong>{t('dial.dials', { number: check.dialable })}</strong>
            {check.format && ` · ${t(`dial.format.${check.format}`)}`}
            {country && ` · ${t('dial.country', { country })}`}
          </p>
        )}
        {check?.ambiguous && <p className={shared.text}>{t('dial.problem.ambiguous')}</p>}
      </div>
      {check?.ambiguous && (
        <Field label={t('dial.readings')}>
          <RadioGroup value={reading ?? ''} onChange={(_, { value }) => onReading(value)}>
            {check.readings.map((one) => (
              <Radio key={one} value={one} label={one} />
            ))}
          </RadioGroup>
        </Field>
      )}
      {emergency !== null && (
        <>
          <MessageBar intent="warning">
            <MessageBarBody>{t('dial.emergency')}</MessageBarBody>
          </MessageBar>
          <Checkbox
            checked={confirmed}
            onChange={(_, { checked }) => onConfirmed(checked === true)}
            label={t('dial.emergencyConfirm', { number: emergency })}
          />
        </>
      )}
    </div>
  );
}

function countryName(region: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'region' }).of(region) ?? region;
  } catch {
    return region; // a region that this browser does not know
  }
}
