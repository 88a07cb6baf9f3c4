import { ComposeCommand, type ComposeProgram } from './compose.command.ts';
import { containersOf, killContainer, type ContainerState } from './container.ts';
import { freePorts } from './free.ports.ts';
import { until } from './until.ts';
import type { Docker } from '../engine/docker.client.ts';

/** AKHQ is left out: an engine that can't pull has no image of it. */
const SERVICES = ['gateway', 'ingest', 'metrics'];
/** Bounds for a machine whose cores others use first. */
const UP_MS = 600_000;
const HEALTHY_MS = 400_000;
const DOWN_MS = 200_000;

export interface ProjectOptions {
  docker: Docker;
  program: ComposeProgram;
  /** The name of the project on its engine. */
  name: string;
  files?: readonly string[];
}

/** A system of docker/compose.yaml, on ports of the loopback address that nobody uses. */
export class ComposeProject {
  readonly url: string;
  /** What programs on this machine need to look into the system. */
  readonly env: Record<string, string>;
  private readonly docker: Docker;
  private readonly name: string;
  private readonly compose: ComposeCommand;
  private ingests = 1;
  private isClosed = false;

  private constructor({ docker, program, name, files = ['compose.yaml'] }: ProjectOptions, ports: number[]) {
    const [api = 0, kafka = 0, mongo = 0, ...others] = ports;
    this.docker = docker;
    this.name = name;
    this.url = `http://127.0.0.1:${api}`;
    this.env = {
      KAFKA_BOOTSTRAP_SERVERS: `localhost:${kafka}`,
      KAFKA_TOPIC: 'wiber.messages',
      KAFKA_CONSUMER_GROUP: 'wiber-consumers',
      MONGO_URI: `mongodb://127.0.0.1:${mongo}/?directConnection=true`,
      MONGO_DB: 'wiber',
      MONGO_COLLECTION: 'messages',
    };
    const [second = 0, third = 0, akhq = 0] = others;
    // compose.yaml publishes the API on every address, unless the variable names one.
    const published = { API_PORT: `127.0.0.1:${api}`, KAFKA_PORT: kafka, KAFKA_2_PORT: second, KAFKA_3_PORT: third };
    const variables = { ...published, MONGO_PORT: mongo, AKHQ_PORT: akhq };
    const env = Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, String(value)]));
    this.compose = new ComposeCommand({ docker, program, project: name, files, env });
  }

  static async create(options: ProjectOptions): Promise<ComposeProject> {
    return new ComposeProject(options, await freePorts(6));
  }

  /** Starts what does not run, with as many ingests. It builds nothing. */
  async up(ingests = this.ingests): Promise<void> {
    this.ingests = ingests;
    await this.compose.run(['up', '--detach', '--no-build', '--scale', `ingest=${ingests}`, ...SERVICES], UP_MS);
  }

  /** Resolves once every container that goes on running is healthy. @throws Error with the states when that takes too long */
  async awaitHealthy(): Promise<ContainerState[]> {
    const isWell = ({ service, status, health }: ContainerState) =>
      service === 'topics' || (status === 'running' && health === 'healthy');
    return until(
      () => this.containers(),
      (containers) => containers.length > 0 && containers.every(isWell),
      HEALTHY_MS,
    );
  }

  containers(): Promise<ContainerState[]> {
    return containersOf(this.docker, this.name);
  }

  /** Kills a container and resolves once its restart policy has started it again. */
  async kill(container: ContainerState): Promise<void> {
    killContainer(container);
    const isBack = ({ id, status, restarts }: ContainerState) =>
      id === container.id && status === 'running' && restarts > container.restarts;
    await until(
      () => this.containers(),
      (containers) => containers.some(isBack),
      HEALTHY_MS,
    );
  }

  /** Removes the containers and the network, and the volumes only with `volumes`. */
  async down({ volumes }: { volumes: boolean }): Promise<void> {
    await this.compose.run(['down', '--remove-orphans', '--timeout', '30', ...(volumes ? ['--volumes'] : [])], DOWN_MS);
  }

  /** What the engine still has of this project. */
  async leftovers(): Promise<string[]> {
    const filter = ['--filter', `label=com.docker.compose.project=${this.name}`];
    const lists = await Promise.all([
      this.docker.run(['ps', '--all', '--format', '{{.Names}}', ...filter]),
      this.docker.run(['network', 'ls', '--format', '{{.Name}}', ...filter]),
      this.docker.run(['volume', 'ls', '--format', '{{.Name}}', ...filter]),
    ]);
    return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
  }

  /** Prints what the containers have logged: for a test that failed. */
  logs(): Promise<string> {
    return this.compose.run(['logs', '--no-color', '--tail', '40'], 60_000);
  }

  /** Removes all of it. Once it is removed, this does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      await this.down({ volumes: true });
    } finally {
      this.compose.close();
    }
  }
}
