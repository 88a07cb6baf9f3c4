import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chooseOperatorToken, saveOperatorToken } from './operator.token.ts';
import { StackError } from '../stack.errors.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;

beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('only this user can read the token file, also when it replaces a file that everybody could read', () => {
  const file = temp.write('.wiber/operator.token', 'old');
  saveOperatorToken(join(temp.path, '.wiber'), 'a-token-of-this-spec');
  expect(readFileSync(file, 'utf8')).toBe('a-token-of-this-spec\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('without a token in the environment each start has a new one of 32 random bytes', () => {
  const [first, second] = [chooseOperatorToken({}), chooseOperatorToken({ OPERATOR_TOKEN: '' })];
  expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  expect(first).not.toBe(second);
});

test('a token that no gateway accepts is refused before anything starts, in one line that does not show it', async () => {
  expect(() => chooseOperatorToken({ OPERATOR_TOKEN: 'short' })).toThrow(StackError);
  expect(chooseOperatorToken({ OPERATOR_TOKEN: 'sixteen-letters_' })).toBe('sixteen-letters_');
  const run = new StackRun(['start'], temp.path, { OPERATOR_TOKEN: 'fifteen letters' });
  expect(await run.ended).toBe(1);
  expect(run.stderr).toMatch(/^wiber: OPERATOR_TOKEN is '\*\*\*'; it takes a secret of at least 16 [^\n]*\n$/);
  expect(run.stderr).not.toContain('fifteen');
});
