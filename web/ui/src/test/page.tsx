import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ApiClient } from '../api/client';
import { ServerClock } from '../api/clock';
import { textsOf, type Language } from '../i18n';
import { de } from '../i18n/de';
import { en } from '../i18n/en';
import { Root } from '../Root';
import type { Services } from '../shared/services';
import { FakeService } from './service';

/** Opens the whole page against a service that a test can play with. */
export function openPage(prepare: (service: FakeService) => void = () => undefined, language: Language = 'en', teams: Pick<Services, 'signIn' | 'openLink'> | null = null) {
  const service = new FakeService();
  prepare(service);
  const clock = new ServerClock();
  const api = new ApiClient(async () => null, clock);
  const user = userEvent.setup();
  const view = render(
    <Root services={{ api, clock, inTeams: teams !== null, ...teams }} host={null} texts={textsOf(language, language === 'de' ? { de } : { en })} nonce={undefined} />,
  );
  return { service, user, ...view };
}
