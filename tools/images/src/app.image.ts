import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Docker } from './engine/docker.client.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BUILD_MS = 900_000;

export const APPS = ['gateway', 'ingest', 'metrics'] as const;
export type AppName = (typeof APPS)[number];

/** The version of all images: that of the root package.json. */
export const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

export const imageOf = (app: AppName): string => `wiber/${app}:${VERSION}`;

/** Builds the image of one app from this workspace. The stages before the last are shared by all apps. */
export const buildApp = async (docker: Docker, app: AppName): Promise<{ name: string; bytes: number }> => {
  const name = imageOf(app);
  await docker.build({
    context: ROOT,
    file: join(ROOT, 'docker', 'Dockerfile'),
    name,
    args: { APP: app, VERSION },
    within: BUILD_MS,
  });
  return { name, bytes: Number(await docker.inspect(name, '{{.Size}}')) };
};
