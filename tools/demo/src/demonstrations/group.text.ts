import type { GroupMember } from '@wiber/evidence';

/** A member's id is its instance, and a random part that the coordinator adds. */
export const instanceOf = ({ memberId }: GroupMember): string => /^(.+?-\d+)-/.exec(memberId)?.[1] ?? memberId;

/** Who has which partitions. */
export const groupText = (members: readonly GroupMember[]): string =>
  members
    .map((member) => `${instanceOf(member)} has ${member.partitions.join(', ') || 'none'}`)
    .sort()
    .join('; ');
