import { makeStyles, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular, ErrorCircleRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../api/types';
import { useTexts } from '../i18n';
import { isKey } from '../shared/problemText';
import { useTableStyles } from './table';

const useStyles = makeStyles({
  state: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  granted: { color: tokens.colorPaletteGreenForeground1 },
  missing: { color: tokens.colorPaletteRedForeground1 },
});

/** Each permission of the product at Microsoft and whether it is granted. */
export function ConsentTable({ consent }: { consent: AdminOrganization['consent'] }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const styles = useStyles();
  const table = useTableStyles();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th className={table.cell}>{t('admin.permission')}</th>
          <th className={table.cell}>{t('admin.permissionKind')}</th>
          <th className={table.cell}>{t('admin.status')}</th>
        </tr>
      </thead>
      <tbody>
        {consent.map(({ permission, kind, granted }) => (
          <tr key={`${kind} ${permission}`}>
            <td className={table.cell}>{permission}</td>
            <td className={table.cell}>{isKey(texts.admin.kind, kind) ? t(`admin.kind.${kind}`) : kind}</td>
            <td className={table.cell}>
              <span className={`${styles.state} ${granted ? styles.granted : styles.missing}`}>
                {granted ? <CheckmarkCircleRegular /> : <ErrorCircleRegular />}
                {t(granted ? 'admin.granted' : 'admin.notGranted')}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
