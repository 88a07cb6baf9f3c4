import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath, runCommand } from '../engine/command.run.ts';
import type { Docker } from '../engine/docker.client.ts';

export const COMPOSE_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'docker');

export type ComposeProgram = 'docker compose' | 'docker-compose';

/** The compose of this machine: the plugin of docker, else the program of version 1, which Debian has. */
export const findCompose = async (docker: Docker): Promise<ComposeProgram | undefined> => {
  if (await docker.succeeds(['compose', 'version'])) return 'docker compose';
  return isOnPath('docker-compose') ? 'docker-compose' : undefined;
};

/** The file without the one line that version 1 of compose does not know: the name of the project, which is given by a flag. */
export const forVersion1 = (text: string): string => text.replace(/^name: .*\n/m, '');

export interface ComposeOptions {
  docker: Docker;
  program: ComposeProgram;
  project: string;
  files: readonly string[];
  /** Variables that the files take, such as API_PORT. */
  env: Readonly<Record<string, string>>;
}

/** Runs commands of compose for one project, with the files of docker/. */
export class ComposeCommand {
  private readonly options: ComposeOptions;
  private readonly folder: string;

  constructor(options: ComposeOptions) {
    this.options = options;
    this.folder = mkdtempSync(join(tmpdir(), 'wiber-compose-'));
  }

  run(args: readonly string[], within: number): Promise<string> {
    const { docker, program, project, env } = this.options;
    const files = this.files().flatMap((file) => ['--file', file]);
    const place = ['--project-name', project, '--project-directory', COMPOSE_FOLDER];
    return runCommand([...program.split(' '), ...files, ...place, ...args], {
      within,
      env: { ...docker.environment, ...env },
    });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private files(): string[] {
    const { program, files } = this.options;
    if (program === 'docker compose') return files.map((file) => join(COMPOSE_FOLDER, file));
    return files.map((file) => {
      const copy = join(this.folder, file);
      writeFileSync(copy, forVersion1(readFileSync(join(COMPOSE_FOLDER, file), 'utf8')));
      return copy;
    });
  }
}
