import { makeStyles, tokens } from '@fluentui/react-components';
import { CallForwardRegular, PersonCallRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../call/commands';
import { CommandButton } from '../shared/CommandButton';
import { ProblemBar } from '../shared/ProblemBar';
import type { ConsultChoice } from './useConsultChoice';

const useStyles = makeStyles({
  footer: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(220px, 100%), 1fr))', gap: tokens.spacingHorizontalM },
});

/** Consult or transfer directly to what was chosen above, or why not; `beside` is another way to reach them. */
export function ConsultFooter({ choice, beside }: { choice: ConsultChoice; beside?: ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { running, problem, dismiss } = useCommands();
  const refused = problem?.slug === 'sso-required' ? null : problem; // the panel above says that better
  return (
    <>
      <ProblemBar problem={refused} onDismiss={dismiss} />
      <div className={styles.footer}>
        <CommandButton
          label={t('action.consult')}
          effect={t('effect.consult')}
          icon={<PersonCallRegular />}
          primary={choice.blocked('consult') === null}
          blocked={choice.blocked('consult')}
          running={running === 'consult'}
          onPress={() => choice.go('consult')}
        />
        <CommandButton
          label={t('action.coldTransfer')}
          effect={t('effect.coldTransfer')}
          icon={<CallForwardRegular />}
          blocked={choice.blocked('coldTransfer')}
          running={running === 'coldTransfer'}
          onPress={() => choice.go('coldTransfer')}
        />
        {beside}
      </div>
    </>
  );
}
