import { createDOMRenderer, FluentProvider, makeStyles, RendererProvider, tokens, useFocusFinders } from '@fluentui/react-components';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { newAnswers } from './api/queries';
import { App } from './App';
import { HostConnecting } from './session/HostConnecting';
import { HostSilent } from './session/HostSilent';
import { ServicesProvider, type Services } from './shared/services';
import { themes, useThemeName } from './shared/theme';
import type { TeamsHost } from './teams/host';

/**
 * How far the page is: in a frame it meets Teams first (connecting), which may
 * not answer (silent: somebody frames the page and does not speak Teams'
 * language).
 */
export type Stage = 'connecting' | 'silent' | 'open';

interface Props {
  services: Services;
  host: TeamsHost | null;
  stage?: Stage;
  /** Where answers are kept, when some may be there already. */
  answers?: QueryClient;
  texts: i18n;
  /** Of this answer's Content-Security-Policy: Fluent writes style elements. */
  nonce: string | undefined;
}

const useStyles = makeStyles({
  page: { minHeight: '100vh', backgroundColor: tokens.colorNeutralBackground3 },
});

/** Everything that the page stands on: looks, texts, kept answers. */
export function Root({ services, host, stage = 'open', answers, texts, nonce }: Props) {
  const [renderer] = useState(() => createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {}));
  const [client] = useState(() => answers ?? newAnswers());
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <ServicesProvider services={services}>
        <I18nextProvider i18n={texts}>
          <QueryClientProvider client={client}>
            <Themed key={stage} host={host} stage={stage} />
          </QueryClientProvider>
        </I18nextProvider>
      </ServicesProvider>
    </RendererProvider>
  );
}

function Themed({ host, stage }: { host: TeamsHost | null; stage: Stage }) {
  const name = useThemeName(host);
  const styles = useStyles();
  // What hides the page from assistive technology behind a dialog is thrown
  // away together with its last user, and then never shows the page again.
  // With a user that stays as long as the page, it does.
  useFocusFinders();
  return (
    <FluentProvider theme={themes[name]} className={styles.page}>
      {stage === 'connecting' && <HostConnecting />}
      {stage === 'silent' && <HostSilent />}
      {stage === 'open' && <App deepLink={host?.context.subPageId ?? null} />}
    </FluentProvider>
  );
}
