import { runCommand, tryCommand, type RunOptions } from './command.run.ts';
import type { Engine } from './running.engine.ts';

const ANSWER_MS = 60_000;

export interface ImageBuild {
  /** The folder that the build reads. */
  context: string;
  file?: string;
  /** The stage to end at; the last one by default. */
  target?: string;
  name: string;
  args?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  within: number;
}

/** The docker command, for one engine. */
export class Docker {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** For other programs that call the same engine. */
  get environment(): Record<string, string> {
    return this.engine.host === undefined ? {} : { DOCKER_HOST: this.engine.host };
  }

  /** Resolves to what the command prints. @throws ImagesError when it fails */
  run(args: readonly string[], options: Partial<RunOptions> = {}): Promise<string> {
    return runCommand(['docker', ...args], {
      within: ANSWER_MS,
      ...options,
      env: { ...this.environment, ...options.env },
    });
  }

  async succeeds(args: readonly string[], within = ANSWER_MS): Promise<boolean> {
    return (await tryCommand(['docker', ...args], { within, env: this.environment })).code === 0;
  }

  hasImage(name: string): Promise<boolean> {
    return this.succeeds(['image', 'inspect', name]);
  }

  /** The field of an image or a container that a Go template names. */
  inspect(name: string, template: string): Promise<string> {
    return this.run(['inspect', '--format', template, name]);
  }

  /** Builds with the network of the host: an engine of our own has no other that reaches the package registries. */
  async build({ context, file, target, name, args = {}, labels = {}, within }: ImageBuild): Promise<void> {
    const pairs = (flag: string, values: object) =>
      Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    const options = ['--tag', name, ...pairs('--build-arg', args), ...pairs('--label', labels)];
    const place = [...(file ? ['--file', file] : []), ...(target ? ['--target', target] : [])];
    // Without buildx the client has the classic builder only, and says so in a warning unless it is asked for.
    const hasBuildx = await this.succeeds(['buildx', 'version']);
    const env: Record<string, string> = hasBuildx ? {} : { DOCKER_BUILDKIT: '0' };
    await this.run(['build', '--network', 'host', ...options, ...place, context], { within, env });
  }
}
