/** The pages of the administration, in the order in which a new organisation needs them. */
export const sections = ['setup', 'permissions', 'agents', 'directory', 'explain', 'audit', 'sessions'] as const;
export type Section = (typeof sections)[number];

/** The page that an address names; the first one for every other. */
export function sectionOf(name: string | null): Section {
  return sections.find((section) => section === name) ?? sections[0];
}

export function addressOf(section: Section, ...rest: string[]): string {
  return ['#/admin', section, ...rest.map(encodeURIComponent)].join('/');
}
