import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepOperatorToken, operatorTokenIn } from './operator.token.ts';
import { StackError } from '../stack.errors.ts';
import { SpecFolder, StackRun } from '../spec-support/stack.run.ts';

let spec: SpecFolder;

beforeEach(() => (spec = new SpecFolder()));
afterEach(() => spec.remove());

test('the token is kept where this user alone may read it, though a file that all may read was there', () => {
  const file = spec.write('.wiber/operator.token', 'old');
  keepOperatorToken(join(spec.folder, '.wiber'), 'a-token-of-this-spec');
  expect(readFileSync(file, 'utf8')).toBe('a-token-of-this-spec\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('without one in the environment each start has a new one of 32 random bytes', () => {
  const [first, second] = [operatorTokenIn(), operatorTokenIn('')];
  expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  expect(first).not.toBe(second);
});

test('one that no gateway would take is refused before anything starts, in one line that does not show it', async () => {
  expect(() => operatorTokenIn('short')).toThrow(StackError);
  expect(operatorTokenIn('sixteen-letters_')).toBe('sixteen-letters_');
  const run = new StackRun(['start'], spec.folder, { OPERATOR_TOKEN: 'fifteen letters' });
  expect(await run.ended).toBe(1);
  expect(run.said).toMatch(/^wiber: OPERATOR_TOKEN takes a secret of at least 16 [^\n]*\n$/);
  expect(run.said).not.toContain('fifteen');
});
