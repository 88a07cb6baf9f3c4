import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedError } from './dlq.errors.ts';

export interface GatewayAddress {
  url: string;
  token: string | undefined;
}

/** The gateway of the environment, else the first one that `npm start` runs here. @throws RefusedError when there is none */
export const findGateway = (env: NodeJS.ProcessEnv, folder: string): GatewayAddress => {
  const url = env['API_URL'] || readUrl(join(folder, 'run.json'));
  return { url: url.replace(/\/+$/, ''), token: env['OPERATOR_TOKEN'] || readToken(join(folder, 'operator.token')) };
};

const readUrl = (file: string): string => {
  try {
    const { apps } = JSON.parse(readFileSync(file, 'utf8')) as { apps: { name: string; url: string }[] };
    const gateway = apps.find(({ name }) => name === 'gateway');
    if (gateway) return gateway.url;
  } catch (cause) {
    throw new RefusedError(`nothing runs here; start it with npm start, or set API_URL to a gateway`, { cause });
  }
  throw new RefusedError(`${file} has no gateway; set API_URL to one`);
};

const readToken = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
};
