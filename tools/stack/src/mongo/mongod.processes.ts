import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { containerCommand, containerName } from '../downloads/docker.engine.ts';
import type { ServerSource } from '../downloads/server.source.ts';
import { MONGOD_ENVIRONMENT } from '../processes/server.environment.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';
import type { ServerSecrets } from '../security/server.secrets.ts';
import { securedArgs, writeKeys } from './mongod.security.ts';
import { mongodArgs, type MongodOptions, type MongoNode } from './mongod.options.ts';

export interface MongodPlan {
  options: MongodOptions;
  /** With them, each mongod asks for TLS and a login. */
  secrets?: ServerSecrets | undefined;
}

/** Makes the data folders. Returns how to run each mongod. */
export const mongodProcesses = (
  nodes: MongoNode[],
  source: ServerSource,
  { options, secrets }: MongodPlan,
): ProcessSpec[] =>
  nodes.map((node) => {
    const { id, folder } = node;
    mkdirSync(join(node.folder, 'data'), { recursive: true });
    if (secrets) writeKeys(node, secrets);
    const args = [...mongodArgs(node, options), ...(secrets ? securedArgs(node) : [])];
    if (source.type === 'program') return { name: id, folder, command: source.path, args, env: MONGOD_ENVIRONMENT };
    const container = containerName(node.folder, node.id);
    const run = { ...source, name: container, folders: [node.folder], command: ['mongod', ...args] };
    const [command = '', ...dockerArgs] = containerCommand(run);
    return { name: id, folder, command, args: dockerArgs, container };
  });
