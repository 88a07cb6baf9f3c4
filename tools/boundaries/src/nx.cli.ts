import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../../..');
const NX = join(WORKSPACE, 'node_modules/nx/dist/bin/nx.js');

export interface Project {
  readonly name: string;
  /** From the root of the workspace. */
  readonly root: string;
  readonly targets: Readonly<Record<string, unknown>>;
  readonly implicitDependencies: readonly string[];
}

interface PrintedGraph {
  readonly graph: { readonly nodes: Readonly<Record<string, { readonly name: string; readonly data: Project }>> };
}

/** What Nx prints, without its daemon: the daemon may still hold an old graph. */
function nx<T>(...args: string[]): T {
  const output = execFileSync(process.execPath, [NX, ...args], {
    cwd: WORKSPACE,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as T;
}

export const allProjects = (): Project[] =>
  Object.values(nx<PrintedGraph>('graph', '--print').graph.nodes).map(({ name, data }) => ({ ...data, name }));

/** The names of the projects that a change of the file affects. */
export const affectedBy = (file: string): string[] =>
  nx<string[]>('show', 'projects', '--affected', `--files=${file}`, '--json');

/** The files whose content decides whether Nx may answer the target, `project:target`, from its cache. */
export const inputFilesOf = (target: string): string[] =>
  nx<{ files: string[] }>('show', 'target', 'inputs', target, '--json').files;
