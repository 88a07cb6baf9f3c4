import { execFile } from 'node:child_process';
import { ManifestsError } from '../manifests.errors.ts';
import type { PodPlan } from './pod.plan.ts';

/** A command of the Docker client. Resolves to what it printed; rejects with what it complained of. */
export type Docker = (args: readonly string[], timeoutMs?: number) => Promise<string>;

export const docker: Docker = (args, timeoutMs = 120_000) =>
  new Promise((resolve, reject) => {
    execFile('docker', args, { timeout: timeoutMs, maxBuffer: 16 * 1024 ** 2 }, (error, stdout, stderr) => {
      if (error) reject(new ManifestsError(`docker ${args[0]}: ${stderr.trim() || error.message}`));
      else resolve(stdout.trim());
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
