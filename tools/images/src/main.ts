import { Docker } from './engine/docker.client.ts';
import { findEngine } from './engine/engine.ts';
import { provideBases } from './bases/stand-ins.ts';
import { ImagesError } from './images.errors.ts';
import { buildApps } from './app.image.ts';
import { layoutNamed } from './compose/compose.layouts.ts';
import { tryLayout } from './compose/compose.trial.ts';

const USAGE = `npm run images [-- --try single|cluster]
  Builds wiber/gateway, wiber/ingest and wiber/metrics, and prints their sizes. First it provides the images that these and
  docker/compose.yaml are based on: it pulls them, and where they can't be pulled it makes stand-ins from the packages of
  Debian, npm, Maven and PyPI, under the same names. It makes each once; docker rmi removes it.
  Exit code 0: the images are there; 2: they can't be made.

  --try single   then starts the system of docker/compose.yaml, kills each container, and checks that nothing is lost: 5 minutes
  --try cluster  the same with docker/compose.cluster.yaml: 8 minutes
                 Exit code 0: it holds; 1: it does not, or can't be tried here.
`;

const WORDS = {
  there: 'is there',
  pulled: 'was pulled',
  made: 'can’t be pulled here; a stand-in was made from packages',
  missing: 'can’t be pulled here, and no package registry has it; compose needs --scale akhq=0',
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (): Promise<number> => {
  const engine = await findEngine();
  if (typeof engine === 'string') throw new ImagesError(engine);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void engine.close().finally(() => process.exit(130)));
  try {
    const docker = new Docker(engine);
    const states = await provideBases(docker, engine, say);
    for (const [name, state] of states) say(`${name} ${WORDS[state]}`);
    say('building the images of the apps');
    for (const { name, bytes } of await buildApps(docker, engine)) say(`${name} has ${Math.round(bytes / 1e6)} MB`);
    return 0;
  } finally {
    await engine.close();
  }
};

const [option, value, ...others] = process.argv.slice(2);
const layout = option === '--try' && others.length === 0 ? layoutNamed(value) : undefined;
if (option !== undefined && !layout) {
  process.stdout.write(USAGE);
  process.exit(option === '--help' ? 0 : 2);
}
try {
  process.exitCode = layout ? await tryLayout(layout) : await run();
} catch (error) {
  process.stderr.write(`images: ${error instanceof ImagesError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 2;
}
