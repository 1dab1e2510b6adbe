import {
  Button,
  Checkbox,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { Dialog } from '../../shared/Dialog';
import { useSharedStyles } from '../../shared/styles';
import { useFocusBack } from '../../shared/useFocusBack';
import { RowProblem } from './RowProblem';
import { draftOf, fields, refusedFields, roles, type Draft } from './draft';
import { useSaveAgent } from './useSaveAgent';

const useStyles = makeStyles({
  fields: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(240px, 100%), 1fr))', gap: tokens.spacingVerticalM, alignItems: 'start' },
  /** A word is never cut, however narrow the window. */
  button: { minWidth: 'max-content' },
  roles: { border: 'none', margin: 0, padding: 0, minWidth: 0 },
});

/** A row of the agent table, new or to be changed. What was typed stays until it is saved or left. */
export function AgentDialog({ agent, onClose }: { agent: AdminAgent | null; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const styles = useStyles();
  const shared = useSharedStyles();
  const [draft, setDraft] = useState<Draft>(() => draftOf(agent));
  const save = useSaveAgent(agent, onClose);
  const refused = refusedFields(save.problem?.problem.errors?.map(({ location }) => location) ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run(draft);
  };
  return (
    <Dialog open modalType="modal" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{agent ? t('admin.agents.changeOf', { name: agent.name }) : t('admin.agents.add')}</DialogTitle>
            <DialogContent className={shared.stack}>
              {agent?.source === 'file' && <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.agents.overFile')}</p>}
              <RowProblem problem={save.problem} fresh={agent === null} />
              <div className={styles.fields}>
                {fields.map((field) => (
                  <Field
                    key={field}
                    label={t(`admin.agents.${field}`)}
                    required={field === 'name' || field === 'id'}
                    hint={t(`admin.agents.hint.${field}`)}
                    {...(refused.has(field) && { validationMessage: t(`admin.agents.wrong.${field}`) })}
                  >
                    <Input
                      value={draft[field]}
                      onChange={(_, { value }) => setDraft({ ...draft, [field]: value })}
                      readOnly={field === 'id' && agent !== null}
                      autoComplete="off"
                    />
                  </Field>
                ))}
              </div>
              <fieldset className={styles.roles}>
                <legend>{t('admin.agents.roles')}</legend>
                {roles.map((role) => (
                  <Checkbox
                    key={role}
                    label={t(`admin.agents.role.${role}`)}
                    checked={draft.roles.includes(role)}
                    onChange={(_, { checked }) => setDraft({ ...draft, roles: roles.filter((one) => (one === role ? checked === true : draft.roles.includes(one))) })}
                  />
                ))}
                <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.agents.hint.roles')}</p>
              </fieldset>
            </DialogContent>
            <DialogActions>
              <Button className={styles.button} onClick={onClose}>{t('admin.agents.leave')}</Button>
              <Button className={styles.button} type="submit" appearance="primary" disabledFocusable={save.running} aria-busy={save.running}>
                {save.running ? t('admin.agents.saving') : t('admin.agents.save')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
