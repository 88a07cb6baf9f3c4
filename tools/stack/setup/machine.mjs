// What the machine must have, and the environment that everything is started with.
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { SetupError } from './setup.error.mjs';

/** @throws SetupError when nothing could run in this folder, or with this TMPDIR */
export const requireUsableFolders = (root) => {
  if (root.includes(delimiter))
    throw new SetupError(
      `the path of the clone, ${root}, has a '${delimiter}', which separates folders in PATH; move the clone`,
    );
  if (root.split(sep).includes('node_modules'))
    throw new SetupError(`${root} is inside a folder node_modules, where Node runs no TypeScript; move the clone`);
  try {
    accessSync(tmpdir(), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SetupError(
      `the folder for temporary files, ${tmpdir()}, can't be used (${error.code}); set TMPDIR to another folder`,
    );
  }
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * With a proxy in the environment (NODE_USE_ENV_PROXY), requests to what runs on this machine would go to it.
 * @returns the variables of the environment with Node 24 first on PATH and no proxy for loopback
 */
export const childEnvironment = (root, env) => {
  const own = [...LOOPBACK, ...(env.API_HOST ? [env.API_HOST] : [])];
  const withOwn = (list) => (list?.trim() === '*' ? list : [...(list ? [list] : []), ...own].join(','));
  return {
    ...env,
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${env.PATH}`,
    NO_PROXY: withOwn(env.NO_PROXY),
    // Where both are set, this one counts.
    ...(env.no_proxy ? { no_proxy: withOwn(env.no_proxy) } : {}),
  };
};
