import { post } from './api.client.ts';

/** Sends messages at a steady rate, so that there is something to see. Refusals and dead gateways are no matter to it. */
export class SteadySender {
  private readonly timer: NodeJS.Timeout;
  private readonly open = new Set<Promise<void>>();
  private sent = 0;

  constructor(url: string, ratePerS: number) {
    this.timer = setInterval(() => this.send(url), 1000 / ratePerS);
  }

  /** Resolves once every send has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  private send(url: string): void {
    const place = this.sent++ % 12;
    const body = { fromUser: `ann${place}`, toUser: `ben${place}`, content: `message ${this.sent}` };
    const ended = post(url, body).then(
      () => undefined,
      () => undefined,
    );
    this.open.add(ended);
    void ended.finally(() => this.open.delete(ended));
  }
}
