import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries';
import { useSharedStyles } from '../shared/styles';
import { AdminNav } from './AdminNav';
import { AgentsPage } from './agents/AgentsPage';
import { AuditPage } from './audit/AuditPage';
import { DirectoryPage } from './directory/DirectoryPage';
import { ExplainPage } from './explain/ExplainPage';
import { PermissionsPage } from './permissions/PermissionsPage';
import { sectionOf, type Section } from './sections';
import { SessionsPage } from './sessions/SessionsPage';
import { SetupPage } from './setup/SetupPage';

export const build = __BUILD__;

const useStyles = makeStyles({
  layout: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalL,
    '@media (min-width: 860px)': { gridTemplateColumns: '200px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalXXL },
  },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, minWidth: 0 },
  title: { ':focus': { outlineStyle: 'none' } },
});

/** What an organisation's administrator sees and can change, a page for each matter. */
export default function AdminPage({ section, rest }: { section: string | null; rest: readonly string[] }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const styles = useStyles();
  const session = useSession().data;
  const current = sectionOf(section);
  if (!session?.agent.roles.includes('Admin')) return <p className={shared.text}>{t('admin.only')}</p>;
  return (
    <div className={styles.layout}>
      <AdminNav current={current} tenant={session.agent.tenant} />
      <div className={styles.content}>
        <Title section={current} />
        {contents[current](rest)}
      </div>
    </div>
  );
}

const contents: Record<Section, (rest: readonly string[]) => ReactNode> = {
  setup: () => <SetupPage />,
  permissions: () => <PermissionsPage />,
  agents: () => <AgentsPage />,
  directory: () => <DirectoryPage />,
  explain: ([agent, expert]) => <ExplainPage key={`${agent} ${expert}`} agent={agent ?? ''} expert={expert ?? ''} />,
  audit: () => <AuditPage />,
  sessions: () => <SessionsPage />,
};

/** Takes the keyboard when somebody goes from one page to another, as a page that is loaded would. */
function Title({ section }: { section: Section }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(section);
  useEffect(() => {
    if (shown.current !== section) heading.current?.focus();
    shown.current = section;
  }, [section]);
  return (
    <h1 className={`${shared.heading} ${styles.title}`} ref={heading} tabIndex={-1}>
      {t(`admin.sections.${section}`)}
    </h1>
  );
}
