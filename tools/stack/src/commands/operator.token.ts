import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';

/** What a gateway takes too, said before anything is started. */
const TOKEN = /^[\w.~+/-]{16,}=*$/;

/** @returns the given one, or a new one @throws StackError when no gateway would take it; it does not show it */
export const operatorTokenIn = (given = ''): string => {
  if (given === '') return randomBytes(32).toString('base64url');
  if (TOKEN.test(given)) return given;
  throw new StackError('OPERATOR_TOKEN takes a secret of at least 16 letters, digits and - . _ ~ + /');
};

/** Where `npm run dlq` finds it, and no other user. */
export const keepOperatorToken = (folder: string, token: string): void => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'operator.token');
  // The mode counts only for a file that is made.
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
};
