import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('apps', 'console');
/** Beside the built files: what they were built from. */
const STAMP = join(FOLDER, 'dist', '.built-from');
const PAGE = join(FOLDER, 'dist', 'index.html');
const CONFIG = join(FOLDER, 'vite.config.mjs');
/** What decides about the built files; of the libraries the page has types alone. */
const INPUTS = [
  `${FOLDER}/{src,public}/**/*`,
  `${FOLDER}/{index.html,vite.config.mjs,package.json}`,
  'package-lock.json',
];
const VITE = join('node_modules', 'vite', 'bin', 'vite.js');

/** The command that builds the console, and what is to do once it has ended well. */
export interface ConsoleBuild {
  args: string[];
  cwd: string;
  built: () => void;
}

/** Undefined where the built console is that of the present sources, and where there is none to build. */
export const consoleBuildOf = (root: string): ConsoleBuild | undefined => {
  if (!existsSync(join(root, CONFIG))) return undefined;
  const sources = hashOf(root);
  if (existsSync(join(root, PAGE)) && readStamp(root) === sources) return undefined;
  return {
    args: [join(root, VITE), 'build', '--logLevel', 'warn'],
    cwd: join(root, FOLDER),
    built: () => writeFileSync(join(root, STAMP), sources),
  };
};

const readStamp = (root: string): string | undefined =>
  existsSync(join(root, STAMP)) ? readFileSync(join(root, STAMP), 'utf8') : undefined;

const hashOf = (root: string): string => {
  const hash = createHash('sha256');
  const files = INPUTS.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted();
  for (const file of files) {
    if (!statSync(join(root, file)).isFile()) continue;
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
};
