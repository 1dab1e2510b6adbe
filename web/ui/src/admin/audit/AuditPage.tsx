import { Button, mergeClasses } from '@fluentui/react-components';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditLine } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { agentsQuery } from '../agents/agents';
import { Loaded } from '../Loaded';
import { auditPagePath, lastDay, nextBefore, type AuditSearch } from './audit';
import { AuditExport } from './AuditExport';
import { AuditSearchForm } from './AuditSearchForm';
import { AuditList } from './AuditList';

/** Who did what, found by time, kind, person and outcome, the latest first; read in pages and to take away. */
export function AuditPage() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { api, clock } = useServices();
  const [search, setSearch] = useState<AuditSearch>(() => lastDay(clock.now()));
  const agents = useQuery(agentsQuery(api)).data ?? [];
  const lines = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) => api.lines<AuditLine>(auditPagePath(search, pageParam), signal),
    initialPageParam: 0,
    getNextPageParam: nextBefore,
    refetchOnWindowFocus: false, // reading it is an event of its own
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <section className={shared.card} aria-label={t('admin.sections.audit')}>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.audit.text')}</p>
      <AuditSearchForm search={search} agents={agents} busy={lines.isFetching} onSearch={(wanted) => (wanted === search ? void lines.refetch() : setSearch(wanted))} />
      <Loaded query={lines} loading={t('admin.audit.loading')}>
        {({ pages }) => (
          <>
            <Count count={pages.flat().length} more={lines.hasNextPage} />
            {pages.flat().length > 0 && <AuditList lines={pages.flat()} agents={agents} />}
            {lines.hasNextPage && (
              <div>
                <Button disabledFocusable={lines.isFetchingNextPage} aria-busy={lines.isFetchingNextPage} onClick={() => void lines.fetchNextPage()}>
                  {lines.isFetchingNextPage ? t('admin.audit.loading') : t('admin.audit.more')}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      <AuditExport search={search} />
    </section>
  );
}

function Count({ count, more }: { count: number; more: boolean }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const words = t(more ? 'admin.audit.countMore' : 'admin.audit.count', { count });
  useEffect(() => announce(words), [announce, words]);
  return <p className={shared.text}>{words}</p>;
}
