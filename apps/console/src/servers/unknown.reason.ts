import type { ServersDto, ServersPart } from '@wiber/contracts';

/** Why a part of a look at the servers is missing. */
export const unknownReason = ({ unknown }: ServersDto, part: ServersPart): string =>
  unknown.find((each) => each.part === part)?.reason ?? 'The answer does not say why.';
