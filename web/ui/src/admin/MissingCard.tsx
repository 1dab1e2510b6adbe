import { Button, makeStyles, mergeClasses, SearchBox } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import type { MissingPerson } from '../api/types';
import { useTexts } from '../i18n';
import { ProblemBar } from '../shared/ProblemBar';
import { isKey } from '../shared/problemText';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { useTableStyles } from './table';

const useStyles = makeStyles({ field: { flexGrow: 1, minWidth: 'min(220px, 100%)' } });

/** Why somebody does not appear among the experts, asked at Microsoft now. */
export function MissingCard() {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { api } = useServices();
  const [name, setName] = useState('');
  const ask = useMutation({
    mutationFn: async (q: string) => ({ q, ...(await api.get<{ people: MissingPerson[] }>(`/experts/missing?q=${encodeURIComponent(q)}`)) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') ask.mutate(name.trim());
  };
  return (
    <section className={shared.card} aria-labelledby="admin-missing">
      <h2 className={shared.subheading} id="admin-missing">
        {t('admin.missingPerson.title')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.missingPerson.text')}</p>
      <form className={shared.row} onSubmit={submit}>
        <SearchBox
          className={styles.field}
          value={name}
          onChange={(_, { value }) => setName(value)}
          dismiss={null}
          input={{ 'aria-label': t('admin.missingPerson.name'), autoComplete: 'off', maxLength: 256 }}
        />
        <Button type="submit" disabledFocusable={name.trim() === '' || ask.isPending} aria-busy={ask.isPending}>
          {t('admin.missingPerson.ask')}
        </Button>
      </form>
      {ask.error instanceof ApiProblem && <ProblemBar problem={ask.error} onDismiss={() => ask.reset()} />}
      {ask.data && <Found asked={ask.data.q} people={ask.data.people} />}
    </section>
  );
}

function Found({ asked, people }: { asked: string; people: readonly MissingPerson[] }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const shared = useSharedStyles();
  const table = useTableStyles();
  const words = (reason: string | null) => {
    if (reason === null) return t('admin.missingPerson.listed');
    return t(`admin.missingPerson.reason.${isKey(texts.admin.missingPerson.reason, reason) ? reason : 'other'}`);
  };
  return (
    <div role="status">
      {people.length === 0 ? (
        <p className={shared.text}>{t('admin.missingPerson.nobody', { name: asked })}</p>
      ) : (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col" className={table.cell}>{t('admin.agents.name')}</th>
              <th scope="col" className={table.cell}>{t('admin.status')}</th>
            </tr>
          </thead>
          <tbody>
            {people.map(({ id, name, reason }) => (
              <tr key={id}>
                <th scope="row" className={table.cell}>{name}</th>
                <td className={table.cell}>{words(reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
