import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Docker } from './engine/docker.client.ts';
import type { Engine } from './engine/running.engine.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BUILD_MS = 900_000;

export const APPS = ['gateway', 'ingest', 'metrics'] as const;
export type AppName = (typeof APPS)[number];

/** The version of all images: that of the root package.json. */
export const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

export const imageOf = (app: AppName): string => `wiber/${app}:${VERSION}`;

const buildStage = (docker: Docker, name: string, options: { app?: AppName; target?: string }): Promise<void> =>
  docker.build({
    context: ROOT,
    file: join(ROOT, 'docker', 'Dockerfile'),
    name,
    // A stage before the last takes no version; the builder warns of arguments that nobody reads.
    args: { ...(options.app ? { APP: options.app } : {}), ...(options.target ? {} : { VERSION }) },
    ...(options.target ? { target: options.target } : {}),
    within: BUILD_MS,
  });

/**
 * The classic builder finds a stage again only while an image has it. So each stage before the last has a name, and what earlier
 * builds have left without one is removed: otherwise the disk of our own engine fills up.
 */
const keepStages = async (docker: Docker): Promise<void> => {
  await buildStage(docker, 'wiber/stage-build', { target: 'build' });
  for (const app of APPS) await buildStage(docker, `wiber/stage-content-${app}`, { app, target: 'content' });
};

export interface BuiltImage {
  name: string;
  /** The size of its files on the disk. */
  bytes: number;
}

/** Builds the images of all apps from this workspace. @throws ImagesError with the end of the builder's output */
export const buildApps = async (docker: Docker, engine: Engine): Promise<BuiltImage[]> => {
  if (engine.isOwn) await keepStages(docker);
  const built: BuiltImage[] = [];
  for (const app of APPS) {
    const name = imageOf(app);
    await buildStage(docker, name, { app });
    built.push({ name, bytes: Number(await docker.inspect(name, '{{.Size}}')) });
  }
  if (engine.isOwn) await docker.run(['image', 'prune', '--force']);
  return built;
};
