import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this machine keeps downloaded servers: for systems that are started with another home folder. */
export const downloadCache = (): string => process.env['WIBER_CACHE'] || join(homedir(), '.cache', 'wiber');
