import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';

/** The user of the apps: `node` in the official image, with the same id. */
const USER_ID = 1000;

/** Written into the image; a path is below its root. */
export const SYSTEM_TEXTS: Readonly<Record<string, string>> = {
  'etc/passwd': `root:x:0:0:root:/:/sbin/nologin\nnode:x:${USER_ID}:${USER_ID}:node:/tmp:/sbin/nologin\n`,
  'etc/group': `root:x:0:\nnode:x:${USER_ID}:\n`,
  // Names of hosts: /etc/hosts first, then the resolver of the engine or of the cluster.
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/** Paths on the machine that builds; each gets the same path in the image. */
export interface SystemFiles {
  files: string[];
  packages: DebianPackage[];
}

export interface DebianPackage {
  name: string;
  version: string;
  /** Its entry in the list of installed packages, deb822(5). Scanners of images read it in var/lib/dpkg/status.d. */
  status: string;
  licence: string;
}

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The loader and the libraries that ldd(1) names for a program. */
export const librariesIn = (lddOutput: string): string[] =>
  lddOutput
    .split('\n')
    .map((line) => /(?:=>\s+|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);

/** dpkg knows a file by the path that its package gave it; /lib is a link to /usr/lib. */
const ownerOf = (file: string): string => {
  for (const path of [file, realpathSync(file), realpathSync(file).replace(/^\/usr/, '')]) {
    try {
      return run('dpkg-query', '--search', path).split(': ')[0] ?? '';
    } catch {
      // dpkg does not know this path.
    }
  }
  throw new Error(`dpkg does not know which package ${file} belongs to`);
};

const packageOf = (owner: string): DebianPackage => {
  const [name = '', version = ''] = run('dpkg-query', '--show', '--showformat', '${Package} ${Version}', owner).split(
    ' ',
  );
  return { name, version, status: run('dpkg-query', '--status', owner), licence: `/usr/share/doc/${name}/copyright` };
};

/** What Node needs of the system: its program, the libraries that it loads, and what says which system they are of. */
export const systemFiles = (node = process.execPath): SystemFiles => {
  const libraries = librariesIn(run('ldd', node));
  if (libraries.length === 0) throw new Error(`ldd names no library of ${node}`);
  const packages = [...new Set(libraries.map(ownerOf))].sort().map(packageOf);
  const described = ['/etc/os-release', '/usr/local/LICENSE', ...packages.map(({ licence }) => licence)];
  return { files: [...libraries, ...described.filter((file) => existsSync(file))], packages };
};

/** The name of the distribution for package URLs, such as debian-12. */
export const distributionOf = (release = readFileSync('/etc/os-release', 'utf8')): { id: string; version: string } => {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  return { id: field('ID'), version: field('VERSION_ID') };
};
