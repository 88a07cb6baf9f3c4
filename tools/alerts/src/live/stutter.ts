import type { WatchedSystem } from './watched.system.ts';

/** Lets a server hang for a second, again and again, so that some calls of each moment are slow. */
export class Stutter {
  private running: Promise<void> | undefined;
  private isOver = false;

  start(watched: WatchedSystem, name: string): void {
    this.running = this.run(watched, name);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async run({ system }: WatchedSystem, name: string): Promise<void> {
    while (!this.isOver) {
      await system.tell('pause', name);
      await new Promise<void>((resolve) => setTimeout(resolve, 700));
      await system.tell('resume', name);
      await new Promise<void>((resolve) => setTimeout(resolve, 300));
    }
  }
}
