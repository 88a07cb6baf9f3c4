import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Docker } from '../engine/docker.client.ts';
import type { Engine } from '../engine/running.engine.ts';
import { DEBIAN, makeDebian } from './debian.base.ts';
import { CONTEXTS } from './stand-in.context.ts';

const RECIPES = join(import.meta.dirname, '..', '..', 'bases');
const BUILD_MS = 600_000;
const PULL_MS = 600_000;

/** A label of each stand-in: by which recipe it was made. */
const RECIPE_LABEL = 'wiber.stand-in';

/** The images that docker/ names, in the order in which they can be made. AKHQ is in no package registry. */
export const BASE_IMAGES = [
  { name: 'node:24-bookworm-slim', recipe: 'node' },
  { name: 'apache/kafka:4.3.0', recipe: 'kafka' },
  { name: 'mongo:8.0', recipe: 'mongo' },
  { name: 'tchiotludo/akhq:0.26.0', recipe: undefined },
] as const;

export type BaseState = 'there' | 'pulled' | 'made' | 'missing';

const recipeHash = (recipe: string): string => {
  const folder = join(RECIPES, recipe);
  const hash = createHash('sha256');
  for (const file of globSync('**/*', { cwd: folder }).sort())
    if (statSync(join(folder, file)).isFile()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
};

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'wiber-images-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const make = (docker: Docker, name: string, recipe: keyof typeof CONTEXTS): Promise<void> =>
  inFolder(async (folder) => {
    cpSync(join(RECIPES, recipe), folder, { recursive: true });
    await CONTEXTS[recipe](folder);
    await docker.build({ context: folder, name, labels: { [RECIPE_LABEL]: recipeHash(recipe) }, within: BUILD_MS });
  });

/** Whether the image is an official one, or a stand-in of the present recipe. */
const isUsable = async (docker: Docker, name: string, recipe: string | undefined): Promise<boolean> => {
  if (!(await docker.hasImage(name))) return false;
  const madeBy = await docker.inspect(name, `{{index .Config.Labels "${RECIPE_LABEL}"}}`);
  return madeBy === '' || madeBy === '<no value>' || recipe === undefined || madeBy === recipeHash(recipe);
};

/**
 * Provides the images that docker/ builds and runs on: those that are there stay; an engine of the user pulls; what can't be
 * pulled is made from packages and kept under the name of the official image.
 * @param say takes a line before each step that takes long
 * @throws ImagesError when a stand-in can't be made
 */
export const provideBases = async (
  docker: Docker,
  engine: Engine,
  say: (line: string) => void,
): Promise<ReadonlyMap<string, BaseState>> => {
  const states = new Map<string, BaseState>();
  for (const { name, recipe } of BASE_IMAGES) states.set(name, await provide({ docker, engine, say, name, recipe }));
  return states;
};

interface Provision {
  docker: Docker;
  engine: Engine;
  say: (line: string) => void;
  name: string;
  recipe: keyof typeof CONTEXTS | undefined;
}

const provide = async ({ docker, engine, say, name, recipe }: Provision): Promise<BaseState> => {
  if (await isUsable(docker, name, recipe)) return 'there';
  if (!engine.isOwn) {
    say(`pulling ${name}`);
    if (await docker.succeeds(['pull', '--quiet', name], PULL_MS).catch(() => false)) return 'pulled';
  }
  if (recipe === undefined) return 'missing';
  if (!(await docker.hasImage(DEBIAN))) {
    say('making a minimal Debian from packages');
    await inFolder((folder) => makeDebian(docker, folder));
  }
  say(`making a stand-in for ${name} from packages`);
  await make(docker, name, recipe);
  return 'made';
};
