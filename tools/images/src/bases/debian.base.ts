import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOnPath, runCommand } from '../engine/command.run.ts';
import type { Docker } from '../engine/docker.client.ts';
import { ImagesError } from '../images.errors.ts';

/** Every stand-in is made from it. */
export const DEBIAN = 'wiber/stand-in-debian:bookworm';
const RELEASE = 'bookworm';
const DEBOOTSTRAP_MS = 300_000;
const IMPORT_MS = 120_000;

/** Where a machine behind a proxy keeps the authorities that it trusts; npm and apt in the stand-ins trust them as well. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

export interface AptSource {
  site: string;
  release: string;
}

/** Reads lines of `apt-get indextargets`: one pair of site and release for each index that this machine uses. */
export const sourcesIn = (lines: string): AptSource[] => {
  const pairs = new Set(lines.split('\n').filter((line) => line.trim() !== ''));
  return [...pairs].map((line) => {
    const [site = '', release = ''] = line.split(' ');
    return { site, release };
  });
};

/** The mirrors of this machine's own apt that have the release. */
const findSources = async (): Promise<{ mirror: string; sources: AptSource[] }> => {
  if (!isOnPath('debootstrap'))
    throw new ImagesError('there is no debootstrap on PATH; install it (Debian: debootstrap)');
  const format = ['--format', '$(SITE) $(RELEASE)', 'Created-By: Packages'];
  const all = sourcesIn(await runCommand(['apt-get', 'indextargets', ...format], { within: 30_000 }));
  const sources = all.filter(({ release }) => release === RELEASE || release.startsWith(`${RELEASE}-`));
  const mirror = process.env['DEBIAN_MIRROR'] || sources.find(({ release }) => release === RELEASE)?.site;
  if (mirror) return { mirror, sources };
  throw new ImagesError(`apt of this machine has no mirror of Debian ${RELEASE}; set DEBIAN_MIRROR to one`);
};

/** Makes a minimal Debian from the packages of this machine's mirror. `folder` is empty and is used for the files. */
export const makeDebian = async (docker: Docker, folder: string): Promise<void> => {
  const { mirror, sources } = await findSources();
  const root = join(folder, 'root');
  const include = '--include=ca-certificates';
  await runCommand(['debootstrap', '--variant=minbase', include, RELEASE, root, mirror], { within: DEBOOTSTRAP_MS });
  const list = sources.map(({ site, release }) => `deb ${site} ${release} main\n`).join('');
  if (list !== '') writeFileSync(join(root, 'etc', 'apt', 'sources.list'), list);
  // The mirror may be an archive whose dates have passed.
  writeFileSync(join(root, 'etc', 'apt', 'apt.conf.d', '90wiber'), 'Acquire::Check-Valid-Until "false";\n');
  if (existsSync(AUTHORITIES)) {
    mkdirSync(dirname(join(root, AUTHORITIES)), { recursive: true });
    copyFileSync(AUTHORITIES, join(root, AUTHORITIES));
  }
  for (const unused of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/man', 'usr/share/locale'])
    rmSync(join(root, unused), { recursive: true, force: true });
  // apt wants these, and the JRE's packages put links into man1.
  for (const needed of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial', 'usr/share/man/man1'])
    mkdirSync(join(root, needed), { recursive: true });
  const archive = join(folder, 'root.tar');
  await runCommand(['tar', '--numeric-owner', '-C', root, '-cf', archive, '.'], { within: IMPORT_MS });
  const changes = [`ENV NODE_EXTRA_CA_CERTS=${AUTHORITIES} DEBIAN_FRONTEND=noninteractive`, 'CMD ["bash"]'];
  const flags = changes.flatMap((change) => ['--change', change]);
  await docker.run(['import', ...flags, archive, DEBIAN], { within: IMPORT_MS });
};
