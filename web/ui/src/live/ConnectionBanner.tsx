import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../shared/Announcer';
import { useAge, useServerNow } from '../shared/time';
import { useLive } from './LiveProvider';

/** Says that the page is cut off and since when, and once that it is back. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { state } = useLive();
  const announce = useAnnounce();
  const wasLost = useRef(false);
  useEffect(() => {
    const lost = state.name === 'lost';
    if (lost && !wasLost.current) announce(t('connection.cut')); // the banner's own words grow older all the time
    if (state.name === 'open' && wasLost.current) announce(t('connection.back'));
    wasLost.current = lost;
  }, [state.name, announce, t]);
  if (state.name !== 'lost') return null;
  const tooMany = state.problem?.slug === 'too-many-requests';
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        {tooMany ? `${t('connection.tooMany')} ` : ''}
        <LostText since={state.since} />
      </MessageBarBody>
    </MessageBar>
  );
}

function LostText({ since }: { since: number }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  return t('connection.lost', { age: age((now - since) / 1000) });
}
