import { Loaded } from '../Loaded';
import { useOrganization } from '../organization';
import { DirectoryHealth } from './DirectoryHealth';
import { MissingPerson } from './MissingPerson';
import { PresenceHealth } from './PresenceHealth';

/** How current the directory and the presences are, and why somebody is not in them. */
export function DirectoryPage() {
  return (
    <>
      <Loaded query={useOrganization()}>
        {(organization) => (
          <>
            <DirectoryHealth directory={organization.directory} />
            <PresenceHealth organization={organization} />
          </>
        )}
      </Loaded>
      <MissingPerson />
    </>
  );
}
