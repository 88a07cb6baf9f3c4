import { createHash } from 'node:crypto';
import { has, runChild, type ChildResult, type Lifeline } from '../processes/child.run.ts';
import { withProgress } from './progress.line.ts';

/** The official images; what runs in them gets the same arguments as the programs it stands in for. */
export const IMAGES = { kafka: 'apache/kafka:4.3.0', mongod: 'mongo:8.0' } as const;

export interface DockerImage {
  image: string;
  /** Who the files in the data folder belong to, as docker run --user takes it. */
  user: string;
}

const ASK_MS = 15_000;

const ask = async (args: string[], lifeline: Lifeline): Promise<ChildResult> => {
  const late = AbortSignal.timeout(ASK_MS);
  const signal = AbortSignal.any([lifeline.signal, late]);
  return runChild(['docker', ...args], { ...lifeline, signal }).catch((error: unknown) => {
    lifeline.signal.throwIfAborted();
    if (late.aborted) return { ok: false, output: `the engine did not answer within ${ASK_MS / 1000} s` };
    throw error;
  });
};

/** An image that a running engine has or can pull, or one line that says why not. */
export const dockerImage = async (image: string, lifeline: Lifeline): Promise<DockerImage | string> => {
  if (!has('docker')) return 'there is no docker on PATH';
  const engine = await ask(['info', '--format', '{{.SecurityOptions}}'], lifeline);
  if (!engine.ok) return `docker info says: ${engine.output.split('\n').at(-1)}`;
  if (!(await ask(['image', 'inspect', '--format', '{{.Id}}', image], lifeline)).ok) {
    process.stderr.write(`wiber: pulling the image ${image}\n`);
    const pull = await withProgress({ label: image, state: () => 'pulling' }, () =>
      runChild(['docker', 'pull', '-q', image], lifeline),
    );
    if (!pull.ok) return `docker pull ${image} says: ${pull.output.split('\n').at(-1)}`;
  }
  // Without root's engine, root inside is whoever runs the engine outside.
  const rootless = engine.output.includes('rootless');
  return { image, user: rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}` };
};

/** A name that no other folder's stack has on this engine. */
export const containerName = (folder: string, id: string): string =>
  `wiber-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}-${id}`;

export interface ContainerRun extends DockerImage {
  name: string;
  folders: string[];
  command: string[];
}

/**
 * A container in the foreground, on the host's network, seeing its folders under their own names. What an earlier client
 * left under this name goes first: a client that is killed leaves its container running.
 */
export const containerCommand = ({ image, user, name, folders, command }: ContainerRun): string[] => {
  const [entrypoint = '', ...args] = command;
  const run = ['run', '--rm', '--init', '--name', name, '--network', 'host', '--user', user, '--stop-timeout', '20'];
  const mounts = folders.flatMap((folder) => ['--volume', `${folder}:${folder}`]);
  const script = 'docker rm -f "$0" >/dev/null 2>&1; exec docker "$@"';
  return ['/bin/sh', '-c', script, name, ...run, ...mounts, '--entrypoint', entrypoint, image, ...args];
};
