import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';

/** The token of OPERATOR_TOKEN, else a new random one. @throws StackError when no gateway would accept the given token */
export const chooseOperatorToken = (env: Readonly<Record<string, string | undefined>> = process.env): string =>
  readSetting(STACK_SETTINGS.operatorToken, env) || randomBytes(32).toString('base64url');

/** Writes the token where `npm run dlq` reads it. No other user can read the file. */
export const saveOperatorToken = (folder: string, token: string): void => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'operator.token');
  // The mode is applied only when the file is created.
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
};
