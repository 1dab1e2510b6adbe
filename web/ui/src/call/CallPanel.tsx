import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CallEndRegular, PauseRegular, PlayRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { ConsultTrigger } from '../consult/ConsultTrigger';
import { CommandButton } from '../shared/CommandButton';
import { ProblemBar } from '../shared/ProblemBar';
import { leadsHere } from '../shared/shortcuts';
import { small, useSharedStyles } from '../shared/styles';
import { useCommands } from './commands';
import { consultLive } from './parties';
import { PartiesView } from './PartiesView';
import { useCallSentence } from './sentence';
import { Timer } from './Timer';
import { WaitsBadge } from './WaitsBadge';

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: tokens.spacingHorizontalL },
  customer: { minWidth: 0, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  name: { margin: 0, fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  times: { display: 'flex', flexDirection: 'column', alignItems: 'flex-end', gap: tokens.spacingVerticalXXS, [small]: { alignItems: 'flex-start' } },
  duration: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  sentence: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, margin: 0 },
});

/** The customer's call: who it is, what is going on, since when, and what the owner can do. */
export function CallPanel() {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const sentence = useCallSentence();
  const { interaction, problem, dismiss } = useCommands();
  const { customer, phase, role } = interaction;
  const over = customer.state === 'left';
  const title = customer.name ?? customer.number ?? t('call.anonymous');
  return (
    <section className={shared.card} aria-label={t('call.title')}>
      <div className={styles.head}>
        <div className={styles.customer}>
          <span className={shared.muted}>{t('call.customer')}</span>
          <h1 className={styles.name} id="call" tabIndex={-1} {...leadsHere('call')}>
            {title}
          </h1>
          {customer.name && customer.number && <span className={mergeClasses(shared.muted, shared.number)}>{customer.number}</span>}
        </div>
        <div className={styles.times}>
          <Badge size="extra-large" appearance="tint" color={phase === 'held' ? 'warning' : 'brand'}>
            {t(`phase.${phase}`)}
          </Badge>
          {!over && (
            <span className={shared.muted}>
              {t('call.duration')} <Timer since={interaction.startedAt} className={styles.duration} />
            </span>
          )}
        </div>
      </div>
      <div className={styles.sentence} id="sentence" data-testid="sentence">
        {sentence(interaction)}
        {customer.state === 'held' && (
          <span className={shared.muted}>
            {' '}
            (<Timer since={customer.since} />)
          </span>
        )}{' '}
        {customer.waits && <WaitsBadge announced />}
      </div>
      <PartiesView interaction={interaction} describedBy="sentence" />
      <ProblemBar problem={problem} onDismiss={dismiss} />
      {role === 'supervisor' && <p className={shared.text}>{t('call.readOnly')}</p>}
      {role === 'agent1' && !over && <OwnerCommands />}
    </section>
  );
}

function OwnerCommands() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { interaction, blocked, running, run } = useCommands();
  const inConference = interaction.phase === 'conferenced';
  const held = interaction.phase === 'held';
  return (
    <div className={shared.commands}>
      {held ? (
        <CommandButton
          label={t('action.resume')}
          shortcut="hold"
          effect={t('effect.resume')}
          icon={<PlayRegular />}
          blocked={blocked('resume')}
          running={running === 'resume'}
          onPress={() => void run('resume')}
        />
      ) : (
        !consultLive(interaction) && (
          <CommandButton
            label={t('action.hold')}
            shortcut="hold"
            effect={t('effect.hold')}
            icon={<PauseRegular />}
            blocked={blocked('hold')}
            running={running === 'hold'}
            onPress={() => void run('hold')}
          />
        )
      )}
      <ConsultTrigger />
      <CommandButton
        label={inConference ? t('action.endForAll') : t('action.end')}
        effect={inConference ? t('effect.endForAll') : t('effect.end')}
        icon={<CallEndRegular />}
        blocked={blocked('end')}
        running={running === 'end'}
        onPress={() => void run('end')}
      />
    </div>
  );
}
