import { spawn } from 'node:child_process';
import { ManifestsError } from '../manifests.errors.ts';
import type { PodPlan } from './pod.plan.ts';

/** A command of the Docker client. Resolves to what it printed; rejects with what it complained of. */
export type Docker = (args: readonly string[], timeoutMs?: number) => Promise<string>;

/** Characters that are kept of what a command prints. */
const OUTPUT_MAX = 16 * 1024 ** 2;

/**
 * Runs the client in a group of its own: a Ctrl-C of the terminal, and the next one, must not end a command that cleans up.
 * @param timeoutMs Infinity: it may take as long as it does
 */
export const docker: Docker = (args, timeoutMs = 120_000) =>
  new Promise((resolve, reject) => {
    const client = spawn('docker', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      client[stream].setEncoding('utf8').on('data', (chunk: string) => {
        if (output[stream].length < OUTPUT_MAX) output[stream] += chunk;
      });
    const timer = Number.isFinite(timeoutMs) ? setTimeout(() => client.kill('SIGKILL'), timeoutMs) : undefined;
    const refuse = (why: string) => reject(new ManifestsError(`docker ${args[0]}: ${output.stderr.trim() || why}`));
    client.once('error', (error) => {
      clearTimeout(timer);
      refuse(error.message);
    });
    client.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output.stdout.trim());
      else refuse(signal ? `no answer within ${timeoutMs / 1000} s` : `exit code ${code}`);
    });
  });

/** @throws ManifestsError that says how to get an engine */
export const requireEngine = async (run: Docker): Promise<void> => {
  try {
    await run(['version', '--format', '{{.Server.Version}}']);
  } catch (error) {
    const how = 'install one (Debian: docker.io) and start dockerd';
    throw new ManifestsError(`no Docker engine answers (${(error as Error).message}); ${how}`);
  }
};

export interface ContainerPlace {
  /** The name of the pod, which is its host's name. */
  pod: string;
  /** The name of the container, unique on this engine. */
  container: string;
  network: string;
  /** Further names on the network, such as kafka-0.kafka. */
  aliases: readonly string[];
  /** Options that say to which run it belongs. */
  labels?: readonly string[];
  /** Names of the volumes of claims, by the names of the mounts. */
  volumes: Readonly<Record<string, string>>;
}

const namedOptions = (plan: PodPlan, { pod, volumes }: ContainerPlace): string[] => [
  ...plan.environment.flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
  ...(plan.nameVariable ? ['--env', `${plan.nameVariable}=${pod}`] : []),
  ...plan.mounts.flatMap(({ type, path, name, bytes }) =>
    type === 'memory'
      ? // fsGroup would give it to the pod; the engine gives it the mode that the folder of the image has.
        ['--tmpfs', `${path}:rw,uid=${plan.user},gid=${plan.group},size=${bytes}`]
      : ['--volume', `${volumes[name]}:${path}`],
  ),
  ...plan.ports.flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
];

/** The arguments of `docker run` that give a container exactly what its manifest says. Its ports are on the loopback address. */
export const runArguments = (plan: PodPlan, place: ContainerPlace): string[] => {
  const [entry, ...rest] = plan.command;
  return [
    'run',
    '--detach',
    // Kubernetes does not know the health check of an image.
    '--no-healthcheck',
    ...(place.labels ?? []),
    '--name',
    place.container,
    '--hostname',
    place.pod,
    '--network',
    place.network,
    ...place.aliases.flatMap((alias) => ['--network-alias', alias]),
    '--user',
    `${plan.user}:${plan.group}`,
    ...(plan.isReadOnly ? ['--read-only'] : []),
    ...plan.dropped.flatMap((capability) => ['--cap-drop', capability]),
    ...(plan.isPrivilegeEscalationAllowed ? [] : ['--security-opt', 'no-new-privileges']),
    // A pod has no swap.
    '--memory',
    String(plan.memoryBytes),
    '--memory-swap',
    String(plan.memoryBytes),
    ...namedOptions(plan, place),
    ...(entry === undefined ? [] : ['--entrypoint', entry]),
    plan.image,
    ...rest,
    ...plan.args,
  ];
};
