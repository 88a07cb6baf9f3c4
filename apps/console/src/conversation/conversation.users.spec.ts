import { usersProblem } from './conversation.users.ts';

describe('the users of a conversation at this page', () => {
  it('are two names by the rule of names', () => {
    expect(usersProblem('alice', 'bob')).toBeUndefined();
    expect(usersProblem('a b', '')).toEqual({
      user1: 'may contain only letters, digits and . _ @ + -',
      user2: 'must not be empty; give 1 to 50 characters',
    });
  });

  it('are two different users, however a name is typed', () => {
    expect(usersProblem('\u00e9', 'e\u0301')?.user2).toMatch(/must be another user/);
  });

  it('have no name that a browser takes out of a path', () => {
    expect(usersProblem('..', 'bob')?.user1).toMatch(/use another client/);
  });
});
