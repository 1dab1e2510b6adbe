import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { events, outcomes, type AuditSearch } from './audit';

const useStyles = makeStyles({
  form: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(200px, 100%), 1fr))', gap: tokens.spacingHorizontalM, alignItems: 'end' },
});

interface Props {
  search: AuditSearch;
  agents: readonly AdminAgent[];
  busy: boolean;
  onSearch: (search: AuditSearch) => void;
}

/** What to look for in the audit. Nothing is asked before the button is pressed: each reading is kept. */
export function AuditSearchForm({ search, agents, busy, onSearch }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [wanted, setWanted] = useState(search);
  const change = (part: Partial<AuditSearch>) => setWanted({ ...wanted, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(wanted);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t('admin.audit.from')}>
        <Input type="datetime-local" value={wanted.from} onChange={(_, { value }) => change({ from: value })} />
      </Field>
      <Field label={t('admin.audit.to')}>
        <Input type="datetime-local" value={wanted.to} onChange={(_, { value }) => change({ to: value })} />
      </Field>
      <Field label={t('admin.audit.event')}>
        <Select value={wanted.event} onChange={(_, { value }) => change({ event: value })}>
          <option value="">{t('admin.audit.everyEvent')}</option>
          {events.map((event) => (
            <option key={event} value={event}>
              {t(`admin.audit.events.${event}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('admin.audit.actor')}>
        <Select value={wanted.actor} onChange={(_, { value }) => change({ actor: value })}>
          <option value="">{t('admin.audit.everybody')}</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('admin.audit.outcome')}>
        <Select value={wanted.outcome} onChange={(_, { value }) => change({ outcome: value })}>
          <option value="">{t('admin.audit.everyOutcome')}</option>
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {t(`admin.audit.outcomes.${outcome}`)}
            </option>
          ))}
        </Select>
      </Field>
      <div>
        <Button type="submit" appearance="primary" disabledFocusable={busy} aria-busy={busy}>
          {t('admin.audit.search')}
        </Button>
      </div>
    </form>
  );
}
