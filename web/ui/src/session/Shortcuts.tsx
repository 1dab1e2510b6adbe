import { Button } from '@fluentui/react-components';
import { KeyboardRegular } from '@fluentui/react-icons';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../shared/Announcer';
import { goTo, helpKey, rememberShortcuts, shortcutOf, shortcutsWanted } from '../shared/shortcuts';
import { ShortcutsDialog } from './ShortcutsDialog';

/** Obeys the shortcuts of the page, and the button that lists them. */
export function Shortcuts() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [on, setOn] = useState(shortcutsWanted);
  const [listed, setListed] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // Before anything is painted: who sees the page can press.
  useLayoutEffect(() => {
    if (!on) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const wanted = shortcutOf(event);
      if (wanted === null) return;
      event.preventDefault();
      if (wanted === helpKey) setListed(true);
      else if (!goTo(wanted)) announce(t('shortcuts.absent', { what: t(`shortcuts.to.${wanted}`) }));
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [on, announce, t]);
  const change = (wanted: boolean) => {
    rememberShortcuts(wanted);
    setOn(wanted);
  };
  const close = () => {
    setListed(false);
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        appearance="subtle"
        icon={<KeyboardRegular />}
        aria-label={t('shortcuts.title')}
        title={t('shortcuts.title')}
        aria-haspopup="dialog"
        onClick={() => setListed(true)}
      />
      {listed && <ShortcutsDialog on={on} onChange={change} onClose={close} />}
    </>
  );
}
