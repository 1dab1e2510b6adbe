import { Select } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { languages, remember, type Language } from '../i18n';

/** Each language by its own name, as whoever looks for it reads it. */
const names: Record<Language, string> = { de: 'Deutsch', en: 'English' };

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const change = (value: string) => {
    const language = languages.find((known) => known === value);
    if (!language) return;
    remember(language);
    void i18n.changeLanguage(language);
  };
  return (
    <Select aria-label={t('app.language')} value={i18n.language} onChange={(_, { value }) => change(value)}>
      {languages.map((language) => (
        <option key={language} value={language} lang={language}>
          {names[language]}
        </option>
      ))}
    </Select>
  );
}
