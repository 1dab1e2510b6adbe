import { Button, makeStyles, SearchBox } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import type { MissingPerson } from '../api/types';
import { ProblemBar } from '../shared/ProblemBar';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';

const useStyles = makeStyles({ field: { flexGrow: 1, minWidth: 'min(220px, 100%)', maxWidth: '420px' } });

interface Props {
  /** What the field is for. */
  label: string;
  /** The words of the button. */
  ask: string;
  /** Shows whom Microsoft knows by that name. */
  children: (people: readonly MissingPerson[]) => ReactNode;
}

/** Asks Microsoft for people whose name begins so, experts or not. */
export function FindPerson({ label, ask, children }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { api } = useServices();
  const [name, setName] = useState('');
  const find = useMutation({
    mutationFn: async (q: string) => ({ q, ...(await api.get<{ people: MissingPerson[] }>(`/experts/missing?q=${encodeURIComponent(q)}`)) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') find.mutate(name.trim());
  };
  return (
    <>
      <form className={shared.row} onSubmit={submit}>
        <SearchBox
          className={styles.field}
          value={name}
          onChange={(_, { value }) => setName(value)}
          dismiss={null}
          input={{ 'aria-label': label, placeholder: label, autoComplete: 'off', maxLength: 256 }}
        />
        <Button type="submit" disabledFocusable={name.trim() === '' || find.isPending} aria-busy={find.isPending}>
          {find.isPending ? t('admin.missingPerson.asking') : ask}
        </Button>
      </form>
      <ProblemBar problem={problemIn(find.error)} onDismiss={() => find.reset()} />
      <div role="status">
        {find.data && (find.data.people.length > 0 ? children(find.data.people) : <p className={shared.text}>{t('admin.missingPerson.nobody', { name: find.data.q })}</p>)}
      </div>
    </>
  );
}
