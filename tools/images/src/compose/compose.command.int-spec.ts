import { Docker } from '../engine/docker.client.ts';
import { isOnPath } from '../engine/command.run.ts';
import { ComposeCommand, findCompose } from './compose.command.ts';

// No command here calls the engine.
const docker = new Docker({ host: undefined, isOwn: false, close: async () => undefined });
const program = isOnPath('docker') ? await findCompose(docker) : undefined;
if (!program) process.stderr.write('images: compose is not asked about its files: this machine has none\n');

(program ? test.each : test.skip.each)([
  ['compose.yaml', ['compose.yaml'], ['akhq', 'gateway', 'ingest', 'kafka', 'metrics', 'mongo', 'topics']],
  [
    'both files',
    ['compose.yaml', 'compose.cluster.yaml'],
    [
      ...['akhq', 'gateway', 'ingest', 'kafka', 'kafka-2', 'kafka-3'],
      ...['metrics', 'mongo', 'mongo-2', 'mongo-3', 'topics'],
    ],
  ],
])('the compose of this machine accepts %s and finds every service', async (_, files, services) => {
  const compose = new ComposeCommand({ docker, program: program!, project: 'wiber', files, env: {} });
  try {
    expect((await compose.run(['config', '--services'], 60_000)).split('\n').sort()).toEqual(services);
  } finally {
    compose.close();
  }
});
