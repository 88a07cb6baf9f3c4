import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface AppRun {
  name: string;
  instance: string;
  url: string;
}

interface ServerRun {
  id: string;
  pid: number;
  address: string;
}

/** Where the apps keep their messages. Audit and rebuild take these names, so that they look at what runs. */
export interface SystemNames {
  topic: string;
  group: string;
  database: string;
  collection: string;
}

/** What `.wiber/run.json` holds. */
export interface RunFile {
  names: SystemNames;
  apps: (AppRun & { pid: number })[];
  kafka: ServerRun[];
  mongo: ServerRun[];
}

/** Writes by a rename, so that a reader never sees half of the file. */
export const writeRunFile = (file: string, run: RunFile): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(`${file}.part`, file);
};
