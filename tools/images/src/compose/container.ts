import { existsSync, readFileSync } from 'node:fs';
import type { Docker } from '../engine/docker.client.ts';
import { ImagesError } from '../images.errors.ts';

export interface ContainerState {
  id: string;
  /** The name of its service in the compose file. */
  service: string;
  status: string;
  /** `healthy`, `unhealthy`, `starting`; `none` without a health check. */
  health: string;
  pid: number;
  restarts: number;
  exitCode: number;
}

const FIELDS = [
  '{{.Id}}',
  '{{index .Config.Labels "com.docker.compose.service"}}',
  '{{.State.Status}}',
  // A container without a health check has no such key.
  '{{with index .State "Health"}}{{.Status}}{{else}}none{{end}}',
  '{{.State.Pid}}',
  '{{.RestartCount}}',
  '{{.State.ExitCode}}',
].join('\t');

/** The containers of a compose project, with those that have ended. */
export const containersOf = async (docker: Docker, project: string): Promise<ContainerState[]> => {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const ids = (await docker.run(['ps', '--all', '--quiet', ...filter])).split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const lines = await docker.run(['inspect', '--format', FIELDS, ...ids]);
  return lines.split('\n').map((line) => {
    const [id = '', service = '', status = '', health = '', pid = '', restarts = '', exitCode = ''] = line.split('\t');
    return { id, service, status, health, pid: Number(pid), restarts: Number(restarts), exitCode: Number(exitCode) };
  });
};

/**
 * Kills the first process of a container as the kernel would for want of memory. `docker kill` would not do: the engine takes it
 * for a wish of the user and does not start the container again.
 * @throws ImagesError when the engine runs on another machine, whose processes can't be killed from here
 */
export const killContainer = ({ id, pid }: ContainerState): void => {
  const cgroup = `/proc/${pid}/cgroup`;
  if (pid <= 0 || !existsSync(cgroup) || !readFileSync(cgroup, 'utf8').includes(id))
    throw new ImagesError(
      `the process ${pid} of the container ${id.slice(0, 12)} is not on this machine: use an engine that is`,
    );
  process.kill(pid, 'SIGKILL');
};
