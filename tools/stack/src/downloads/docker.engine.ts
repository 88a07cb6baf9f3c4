import { createHash } from 'node:crypto';
import { isOnPath, runChild, type ChildResult, type EnvironmentChange } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { withProgress } from '../processes/progress.line.ts';

/** The official images. Their programs get the same arguments as programs of this machine. */
export const IMAGES = { kafka: 'apache/kafka:4.3.0', mongod: 'mongo:8.0' } as const;

export interface DockerImage {
  image: string;
  /** The owner of the files in the data folder, in the form of `docker run --user`. */
  user: string;
}

const ANSWER_WITHIN_MS = 15_000;

const askEngine = async (args: string[], lifeline: Lifeline): Promise<ChildResult> => {
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const signal = AbortSignal.any([lifeline.signal, timeout]);
  return runChild(['docker', ...args], { ...lifeline, signal }).catch((error: unknown) => {
    lifeline.signal.throwIfAborted();
    if (timeout.aborted) return { ok: false, output: `the engine did not answer within ${ANSWER_WITHIN_MS / 1000} s` };
    throw error;
  });
};

/** The image, when a running engine has it or can pull it; otherwise one line that says why not. */
export const dockerImage = async (image: string, lifeline: Lifeline): Promise<DockerImage | string> => {
  if (!isOnPath('docker')) return 'there is no docker on PATH';
  const engine = await askEngine(['info', '--format', '{{.SecurityOptions}}'], lifeline);
  if (!engine.ok) return `docker info says: ${engine.output.split('\n').at(-1)}`;
  if (!(await askEngine(['image', 'inspect', '--format', '{{.Id}}', image], lifeline)).ok) {
    process.stderr.write(`wiber: pulling the image ${image}\n`);
    const pull = await withProgress({ label: image, state: () => 'pulling' }, () =>
      runChild(['docker', 'pull', '-q', image], lifeline),
    );
    if (!pull.ok) return `docker pull ${image} says: ${pull.output.split('\n').at(-1)}`;
  }
  // In a rootless engine, root in the container is the user who runs the engine.
  const rootless = engine.output.includes('rootless');
  return { image, user: rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}` };
};

/** The name differs from those of stacks in other folders on the same engine. */
export const containerName = (folder: string, id: string): string =>
  `wiber-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}-${id}`;

export interface ContainerRun extends DockerImage {
  name: string;
  folders: string[];
  /** The folder in which the command runs; that of the image by default. */
  folder?: string;
  env?: EnvironmentChange;
  command: string[];
}

/**
 * The command that runs a container in the foreground, on the host's network, with its folders at the same paths. It first
 * removes a container of the same name: a client that was killed leaves its container running.
 */
export const containerCommand = ({ image, user, name, folders, folder, env = {}, command }: ContainerRun): string[] => {
  const [entrypoint = '', ...args] = command;
  const run = ['run', '--rm', '--init', '--name', name, '--network', 'host', '--user', user, '--stop-timeout', '20'];
  const mounts = folders.flatMap((path) => ['--volume', `${path}:${path}`]);
  const place = folder === undefined ? [] : ['--workdir', folder];
  const variables = Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
  const script = 'docker rm -f "$0" >/dev/null 2>&1; exec docker "$@"';
  return [
    '/bin/sh',
    '-c',
    script,
    name,
    ...run,
    ...mounts,
    ...place,
    ...variables,
    '--entrypoint',
    entrypoint,
    image,
    ...args,
  ];
};
