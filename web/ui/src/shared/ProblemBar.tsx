import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { useProblemText } from './problemText';
import { ReadOut } from './ReadOut';
import { useSharedStyles } from './styles';

interface Props {
  /** Null while there is none: the place stands ready, so that one that comes is read out. */
  problem: ApiProblem | null;
  onDismiss?: () => void;
  onRetry?: () => void;
}

/** A refusal in words, with the request id that an operator asks for. */
export function ProblemBar({ problem, ...ways }: Props) {
  return <ReadOut>{problem && <Bar problem={problem} {...ways} />}</ReadOut>;
}

function Bar({ problem, onDismiss, onRetry }: Props & { problem: ApiProblem }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const shared = useSharedStyles();
  const id = problem.problem.instance;
  return (
    <MessageBar className={shared.whole} intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('problem.title')}</MessageBarTitle> {text(problem)}
        {id && problem.status >= 500 && <> {t('app.requestId', { id })}</>}
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          onDismiss && (
            <Button appearance="transparent" icon={<DismissRegular />} aria-label={t('app.close')} onClick={onDismiss} />
          )
        }
      >
        {onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )}
      </MessageBarActions>
    </MessageBar>
  );
}
