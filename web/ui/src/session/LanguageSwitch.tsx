import { Select } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, languages, type Language } from '../i18n';

/** Each language by its own name, as whoever looks for it reads it. */
const names: Record<Language, string> = { de: 'Deutsch', en: 'English' };

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const [failed, setFailed] = useState(false);
  const change = (value: string) => {
    const language = languages.find((known) => known === value);
    if (!language) return;
    setFailed(false);
    changeLanguage(i18n, language).catch(() => setFailed(true));
  };
  return (
    <>
      <Select aria-label={t('app.language')} value={i18n.language} onChange={(_, { value }) => change(value)}>
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {names[language]}
          </option>
        ))}
      </Select>
      {failed && <span role="alert">{t('app.languageFailed')}</span>}
    </>
  );
}
