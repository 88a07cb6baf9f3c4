import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AppName } from '../apps/app.process.ts';
import { OwnServers } from './own.servers.ts';
import { StackProcess, type StackOptions, type SystemCounts } from './stack.process.ts';

/** The whole system as `npm start` runs it, with ports and a folder of its own; `close` deletes the folder. */
export class OwnSystem extends OwnServers {
  static override async start(counts: SystemCounts = {}, options: StackOptions = {}): Promise<OwnSystem> {
    return new OwnSystem(await StackProcess.start({ command: 'start', counts, ...options }));
  }

  urlsOf(app: AppName): string[] {
    return this.run.apps.filter(({ name }) => name === app).map(({ url }) => url);
  }

  /** The URL of the app's first instance. */
  urlOf(app: AppName): string {
    const [url] = this.urlsOf(app);
    if (url === undefined) throw new Error(`this system runs no ${app}`);
    return url;
  }

  /** Starts one more instance of the app; resolves to its name, before it is ready. */
  async add(app: AppName): Promise<string> {
    return (await this.stack.ask<{ instance: string }>({ op: 'add', name: app })).instance;
  }

  /** The token that operator calls need. */
  get operatorToken(): string {
    return readFileSync(join(dirname(this.runFile), 'operator.token'), 'utf8').trim();
  }
}
