import { Field, makeStyles, Radio, RadioGroup, Textarea, tokens } from '@fluentui/react-components';
import { CheckmarkRegular, TimerOffRegular } from '@fluentui/react-icons';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { WrapUp } from '../api/types';
import { useCommands } from '../call/commands';
import { useCallSentence } from '../call/sentence';
import { useDraftOwner } from '../session/useDraftOwner';
import { useAnnounce } from '../shared/Announcer';
import { CommandButton } from '../shared/CommandButton';
import { ProblemBar } from '../shared/ProblemBar';
import { leadsHere } from '../shared/shortcuts';
import { useSharedStyles } from '../shared/styles';
import { Countdown } from './Countdown';
import { noDraft, wrapUpDrafts } from './draft';

const useStyles = makeStyles({
  reasons: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(220px, 100%), 1fr))', columnGap: tokens.spacingHorizontalM },
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** The end of a call for whoever owned it: a reason, a note, done. Stays until it is sent or the timer applies its default. */
export function WrapUpForm({ wrapUp }: { wrapUp: WrapUp }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const sentence = useCallSentence();
  const { interaction, blocked, running, run, problem, dismiss } = useCommands();
  const { id, customer } = interaction;
  const owner = useDraftOwner(id);
  const [draft, setDraft] = useState(() => ({ ...noDraft, ...wrapUpDrafts.read(owner) }));
  const [asked, setAsked] = useState(false);
  const enter = (change: Partial<typeof draft>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    wrapUpDrafts.keep(owner, next);
  };
  const submit = async () => {
    if (draft.code === '') {
      setAsked(true);
      return;
    }
    if (await run('wrapUp', { code: draft.code, note: draft.note.trim() })) {
      wrapUpDrafts.drop(id);
      announce(t('wrapUp.done'));
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked('wrapUp') === null) void submit();
  };
  const missing = asked && draft.code === '';
  return (
    <section className={shared.card} aria-label={t('wrapUp.title')}>
      <div>
        <h1 className={shared.heading} id="call" tabIndex={-1} {...leadsHere('call')}>
          {t('wrapUp.title')}
        </h1>
        <p className={shared.muted}>{t('wrapUp.customer', { name: customer.name ?? customer.number ?? t('call.anonymous') })}</p>
        <p className={shared.text} data-testid="sentence">
          {sentence(interaction)}
        </p>
      </div>
      <ProblemBar problem={problem} onDismiss={dismiss} />
      <form className={styles.form} onSubmit={onSubmit} noValidate {...leadsHere('wrapUp')}>
        <Field
          label={t('wrapUp.reason')}
          required
          {...(missing && { validationState: 'error' as const, validationMessage: t('wrapUp.required') })}
        >
          <RadioGroup className={styles.reasons} value={draft.code} onChange={(_, { value }) => enter({ code: value })}>
            {wrapUp.reasons.map(({ code, label }) => (
              <Radio key={code} value={code} label={label} />
            ))}
          </RadioGroup>
        </Field>
        <Field label={t('wrapUp.note')}>
          <Textarea value={draft.note} maxLength={2000} resize="vertical" onChange={(_, { value }) => enter({ note: value })} />
        </Field>
        {wrapUp.dueAt && <Countdown dueAt={wrapUp.dueAt} reason={wrapUp.reasons.find(({ code }) => code === wrapUp.default)?.label} />}
        <div className={shared.commands}>
          <CommandButton
            label={t('action.wrapUp')}
            icon={<CheckmarkRegular />}
            primary
            blocked={blocked('wrapUp')}
            running={running === 'wrapUp'}
            onPress={() => void submit()}
          />
          {wrapUp.dueAt && (
            <CommandButton
              label={t('action.pauseWrapUp')}
              icon={<TimerOffRegular />}
              blocked={blocked('pauseWrapUp')}
              running={running === 'pauseWrapUp'}
              onPress={() => void run('pauseWrapUp')}
            />
          )}
        </div>
      </form>
    </section>
  );
}
