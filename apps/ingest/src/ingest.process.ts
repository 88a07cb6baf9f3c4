import 'reflect-metadata';
import { runApp } from '@wiber/host';

// Imported inside runApp: the module reads the settings, and a wrong setting must end the process with one line.
const load = async () => (await import('./ingest.app.ts')).ingestApp;

/** @param whileLoading the process has had it for SIGTERM and SIGINT so far */
export const run = (whileLoading: () => void): Promise<void> => runApp('ingest', load, whileLoading);
