import { normaliseUsername, usernameProblem } from '../messages/message.rules.ts';

export const DEFAULT_USERS = ['alice', 'bob'] as const;

export interface UsersProblem {
  user1?: string | undefined;
  user2?: string | undefined;
}

/** What is wrong with two names for a conversation at this page; undefined when both are fine. */
export const usersProblem = (user1: string, user2: string): UsersProblem | undefined => {
  const found = { user1: nameProblem(user1), user2: nameProblem(user2) };
  if (found.user1 === undefined && found.user2 === undefined) {
    if (normaliseUsername(user1) !== normaliseUsername(user2)) return undefined;
    return { user2: 'must be another user than the first, so that one can see what the other sends' };
  }
  return found;
};

const nameProblem = (name: string): string | undefined =>
  usernameProblem(name) ??
  (name === '.' || name === '..'
    ? `is a valid name, but a browser can't ask for a path with ${name} in it; use another client`
    : undefined);
