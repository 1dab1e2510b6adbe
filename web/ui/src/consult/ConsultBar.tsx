import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ArrowSwapRegular,
  CallEndRegular,
  CallForwardRegular,
  PeopleCallRegular,
  PersonArrowRightRegular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action } from '../api/types';
import { barCommands } from './barCommands';
import { useConsultStateText } from './consultStateText';
import { consultLive, partnerName } from '../call/parties';
import { useCommands } from '../call/commands';
import { Timer } from '../call/Timer';
import { CommandButton } from '../shared/CommandButton';
import { leadsHere } from '../shared/shortcuts';
import { useSharedStyles } from '../shared/styles';

const useStyles = makeStyles({
  card: { borderLeft: `4px solid ${tokens.colorBrandStroke1}` },
});

const icons: Partial<Record<Action, ReactElement>> = {
  resume: <ArrowSwapRegular />,
  resumeExpert: <ArrowSwapRegular />,
  transfer: <CallForwardRegular />,
  conference: <PeopleCallRegular />,
  endConsult: <CallEndRegular />,
  leave: <PersonArrowRightRegular />,
};

/** The live consult of a call: with whom, how it stands and what can be done with it. */
export function ConsultBar() {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const stateText = useConsultStateText();
  const { interaction, blocked, running, run } = useCommands();
  const { consult, customer } = interaction;
  if (consult === null || customer.state === 'left' || !consultLive(interaction)) return null;
  const name = partnerName(interaction);
  return (
    <section className={mergeClasses(shared.card, styles.card)} aria-label={t('consult.bar')}>
      <div className={shared.row}>
        <h2 className={shared.subheading}>{stateText(interaction)}</h2>
        <Timer since={consult.since} className={shared.muted} />
      </div>
      {consult.target.numberChanged && <p className={shared.text}>{t('consult.numberChanged', { number: consult.target.number })}</p>}
      <div className={shared.commands} {...leadsHere('bar')}>
        {barCommands(interaction).map(({ action, label, effect }) => (
          <CommandButton
            // One button for both ways of a swap: it keeps the keyboard.
            key={action === 'resumeExpert' ? 'resume' : action}
            label={t(`action.${label}`)}
            effect={t(`effect.${effect}`, { name })}
            blocked={blocked(action)}
            running={running === action}
            onPress={() => void run(action)}
            {...(icons[action] && { icon: icons[action] })}
          />
        ))}
      </div>
    </section>
  );
}
