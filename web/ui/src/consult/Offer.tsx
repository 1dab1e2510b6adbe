import { Field, Input, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CallEndRegular, CallRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../call/commands';
import { partnerName } from '../call/parties';
import { PartiesView } from '../call/PartiesView';
import { useCallSentence } from '../call/sentence';
import { CommandButton } from '../shared/CommandButton';
import { ProblemBar } from '../shared/ProblemBar';
import { leadsHere } from '../shared/shortcuts';
import { useSharedStyles } from '../shared/styles';

const useStyles = makeStyles({
  card: { border: `2px solid ${tokens.colorBrandStroke1}` },
});

/** A colleague asks for this agent: accept, or decline and say why. The telephone rings meanwhile; either answers. */
export function Offer() {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const sentence = useCallSentence();
  const { interaction, blocked, running, run, problem, dismiss } = useCommands();
  const [reason, setReason] = useState('');
  const name = partnerName(interaction);
  const title = t(interaction.consult?.then === 'transfer' ? 'consult.offerTransfer' : 'consult.offer');
  return (
    <section className={mergeClasses(shared.card, styles.card)} aria-label={title}>
      <h1 className={shared.heading} id="call" tabIndex={-1} {...leadsHere('call')}>
        {title}
      </h1>
      <p className={shared.text} id="sentence" data-testid="sentence">
        {sentence(interaction)}
      </p>
      <p className={mergeClasses(shared.text, shared.muted)}>
        {t('call.customer')}: {interaction.customer.name ?? interaction.customer.number ?? t('call.anonymous')}
      </p>
      <PartiesView interaction={interaction} describedBy="sentence" />
      <ProblemBar problem={problem} onDismiss={dismiss} />
      <Field label={t('consult.declineReason')}>
        <Input value={reason} maxLength={200} onChange={(_, { value }) => setReason(value)} />
      </Field>
      <div className={shared.commands} {...leadsHere('bar')}>
        <CommandButton
          label={t('action.accept')}
          effect={t('effect.accept', { name })}
          icon={<CallRegular />}
          primary
          blocked={blocked('accept')}
          running={running === 'accept'}
          onPress={() => void run('accept')}
        />
        <CommandButton
          label={t('action.decline')}
          effect={t('effect.decline', { name })}
          icon={<CallEndRegular />}
          blocked={blocked('decline')}
          running={running === 'decline'}
          onPress={() => void run('decline', reason.trim() === '' ? {} : { reason: reason.trim() })}
        />
      </div>
    </section>
  );
}
