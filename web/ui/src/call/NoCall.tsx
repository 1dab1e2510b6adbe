import { PersonCallRegular } from '@fluentui/react-icons';
import { mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { CommandButton } from '../shared/CommandButton';
import { leadsHere } from '../shared/shortcuts';
import { useSharedStyles } from '../shared/styles';

/** Nothing to do yet, and why Consult waits. */
export function NoCall() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <section className={shared.card} aria-label={t('call.title')}>
      <div>
        <h1 className={shared.heading} id="call" tabIndex={-1} {...leadsHere('call')}>
          {t('call.none')}
        </h1>
        <p className={mergeClasses(shared.text, shared.muted)}>{t('call.noneText')}</p>
      </div>
      <div className={shared.commands}>
        <CommandButton label={t('action.consult')} shortcut="consult" icon={<PersonCallRegular />} blocked={t('blocked.noCall')} onPress={() => undefined} />
      </div>
    </section>
  );
}
