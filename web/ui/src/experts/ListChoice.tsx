import { makeStyles, Radio, RadioGroup } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { List } from './useKept';

const lists: readonly List[] = ['everybody', 'favourites', 'recent'];

const useStyles = makeStyles({
  // In a narrow window the words go below each other rather than over the edge.
  choices: { flexWrap: 'wrap' },
});

/** Which list is shown while nothing is searched for. */
export function ListChoice({ list, onList }: { list: List; onList: (list: List) => void }) {
  const { t } = useTranslation();
  return (
    <RadioGroup layout="horizontal" className={useStyles().choices} aria-label={t('experts.list')} value={list} onChange={(_, { value }) => onList(value as List)}>
      {lists.map((one) => (
        <Radio key={one} value={one} label={t(`experts.lists.${one}`)} />
      ))}
    </RadioGroup>
  );
}
