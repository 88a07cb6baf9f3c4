/** How a term ended, in words: the ends that the lease writes, see docs/glossary.md. */
const ENDS: Record<string, string> = {
  released: 'given back at a clean stop',
  'stepped-down': 'given back, because it could not be renewed in time',
  expired: 'expired; another took it',
  observed: 'taken after another saw no sign of life',
  abandoned: 'taken anew by the same process',
};

export const endText = (end: string | undefined): string => (end === undefined ? 'not known' : (ENDS[end] ?? end));
