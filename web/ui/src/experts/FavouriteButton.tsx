import { Button } from '@fluentui/react-components';
import { StarFilled, StarRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { Expert } from '../api/types';

interface Props {
  /** Whom it is about; null while nobody is chosen. */
  expert: Expert | null;
  marked: boolean;
  busy: boolean;
  onMark: (expert: Expert, marked: boolean) => void;
}

/** Marks whoever is chosen as a favourite: the keyboard's way to the star in the row. */
export function FavouriteButton({ expert, marked, busy, onMark }: Props) {
  const { t } = useTranslation();
  return (
    <Button
      icon={marked ? <StarFilled /> : <StarRegular />}
      aria-pressed={marked}
      aria-description={expert?.name ?? t('blocked.noTarget')}
      disabledFocusable={expert === null || busy}
      onClick={() => expert && onMark(expert, !marked)}
    >
      {t('experts.favourite')}
    </Button>
  );
}
