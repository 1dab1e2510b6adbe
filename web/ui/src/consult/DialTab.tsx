import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { DialCheck } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useSharedStyles } from '../shared/styles';
import { useDebounced } from '../shared/useDebounced';
import { useFocusOnOpen } from '../shared/useFocusOnOpen';
import { cleanNumber } from './cleanNumber';
import type { TabProps } from './ConsultDialog';
import { ConsultFooter } from './ConsultFooter';
import { DialCheckView } from './DialCheckView';
import { DialPad } from './DialPad';
import { noEntry, type Entry } from './draft';
import { StoredNumbers } from './StoredNumbers';
import { useConsultChoice } from './useConsultChoice';
import { useDialCheck } from './useDialCheck';

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, overflowY: 'auto', minHeight: '120px', height: '420px', padding: '2px' },
  entry: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', columnGap: tokens.spacingHorizontalXL, rowGap: tokens.spacingVerticalM, '@media (max-width: 560px)': { gridTemplateColumns: 'minmax(0, 1fr)' } },
});

/**
 * Any number. A pasted text is cleaned for the eye, but the service reads the
 * original: what looks like one number after cleaning may have meant another.
 */
export function DialTab({ entering, focus, onDone }: TabProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const input = useFocusOnOpen<HTMLInputElement>(focus);
  const { shown: number, meant: original, removed } = entering.draft.entry;
  const [reading, setReading] = useState<string | null>(null);
  const [confirmed, setConfirmed] = useState(false);

  const enter = (entry: Entry) => {
    entering.enter({ entry });
    setReading(null);
    setConfirmed(false);
  };
  const typed = (value: string) => enter({ shown: value, meant: value, removed: [] });
  const asked = useDebounced(original.trim(), 250);
  const check = useDialCheck(asked);
  const read = original.trim() !== '' && asked === original.trim() ? check.data : undefined;
  const chosenReading = useDialCheck(reading ?? '');
  const meant = read?.ambiguous ? chosenReading.data : read;
  const failed = [check, chosenReading].find(({ isError, isFetching }) => isError && !isFetching);
  const missing = missingText();
  const dialable = meant?.dialable ?? null;
  const target = dialable === null ? null : { kind: 'dialNumber' as const, number: dialable, ...(confirmed && { confirm: true }) };
  const choice = useConsultChoice(target, missing === null ? null : t(`blocked.${missing}`), onDone);

  function missingText() {
    if (read?.ambiguous && reading === null) return 'chooseReading' as const;
    if (original.trim() !== '' && meant === undefined) return 'notChecked' as const;
    if (!meant?.valid) return 'noNumber' as const;
    if (meant.emergency && !confirmed) return 'confirmEmergency' as const;
    return null;
  }
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text');
    const field = event.currentTarget;
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (!all) return; // pasted into a number: what results is read as typed
    event.preventDefault();
    const cleaned = cleanNumber(text);
    enter({ shown: cleaned.number, meant: text, removed: cleaned.removed });
    if (cleaned.removed.length > 0) announce(t('dial.removed', { what: cleaned.removed.join(' ') }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && number !== '') {
      enter(noEntry);
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter') choice.go('consult');
  };
  return (
    <>
      <div className={styles.panel}>
        <div className={styles.entry}>
          <div className={shared.stack}>
            <Field label={t('dial.label')} hint={t('dial.hint')} {...validation(read)}>
              <Input
                input={{ ref: input, inputMode: 'tel', autoComplete: 'off', onPaste, onKeyDown, maxLength: 200 }}
                value={number}
                onChange={(_, { value }) => typed(value)}
              />
            </Field>
            <DialCheckView
              check={read}
              removed={removed}
              checking={original.trim() !== '' && !read && !failed}
              failed={failed !== undefined}
              onRetry={() => void failed?.refetch()}
              reading={reading}
              onReading={setReading}
              emergency={meant?.emergency ? (meant.dialable ?? number) : null}
              confirmed={confirmed}
              onConfirmed={setConfirmed}
            />
          </div>
          <DialPad empty={number === ''} onKey={(key) => typed(number + key)} onBack={() => typed(number.slice(0, -1))} />
        </div>
        <StoredNumbers onChoose={typed} />
      </div>
      <ConsultFooter choice={choice} />
    </>
  );

  function validation(result: DialCheck | undefined) {
    if (!result || result.valid || result.ambiguous) return {};
    const count = result.digits;
    const problem = result.problem;
    const known = problem === 'empty' || problem === 'too-short' || problem === 'too-long' ? problem : 'other';
    return { validationState: 'error' as const, validationMessage: t(`dial.problem.${known}`, { count }) };
  }
}
