import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AdminAgent, AdminOrganization } from '../../api/types';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { agentsQuery } from '../agents/agents';
import { Loaded } from '../Loaded';
import { useOrganization } from '../organization';
import { CloserLook } from './CloserLook';
import { SetupStep } from './SetupStep';
import { SetupSummary } from './SetupSummary';
import { nextStep, stepsOf } from './steps';
import { useReturnCheck } from './useReturnCheck';

/** From nothing to green: what an organisation needs, step by step, with who does it and where. */
export function SetupPage() {
  const { t } = useTranslation();
  const organization = useOrganization();
  const agents = useQuery(agentsQuery(useServices().api));
  return (
    <Loaded query={organization} loading={t('admin.setup.loading')}>
      {(read) => (
        <Loaded query={agents} loading={t('admin.setup.loading')}>
          {(rows) => <Steps organization={read} agents={rows} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Steps({ organization, agents }: { organization: AdminOrganization; agents: readonly AdminAgent[] }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const steps = stepsOf(organization, agents);
  const next = nextStep(steps);
  const { check, leave } = useReturnCheck();
  return (
    <>
      <SetupSummary organization={organization} steps={steps} next={next} check={check} />
      <ol className={shared.plainList} aria-label={t('admin.setup.steps')}>
        {steps.map((step, position) => (
          <SetupStep
            key={step.name}
            step={step}
            number={position + 1}
            next={step === next}
            organization={organization}
            agents={agents}
            onLeave={leave}
          />
        ))}
      </ol>
      <CloserLook />
    </>
  );
}
