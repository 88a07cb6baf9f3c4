import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '@wiber/harness';

/** How long a client waits after an answer: at most 10 sends a second. */
const PAUSE_MS = 100;
const PROBE_EVERY_MS = 100;

/** One gateway of several, as a load balancer sees it: asked again and again whether it serves. */
export class ProbedGateway {
  isServing = true;
  app: AppProcess;

  constructor(app: AppProcess) {
    this.app = app;
  }

  /** Asks the probe until the signal is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.isServing = await fetch(`${this.app.url}/health/serving`).then(
        ({ ok }) => ok,
        () => false,
      );
      await pause(PROBE_EVERY_MS);
    }
  }
}

/** A client that keeps its connections and sends one message after the other, to a gateway that serves. */
export class KeepAliveClient {
  /** How each send ended that was not acknowledged. */
  readonly failed: string[] = [];
  sent = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async sendUntil(signal: AbortSignal, gateways: readonly ProbedGateway[]): Promise<void> {
    for (let turn = 0; !signal.aborted; turn += 1) {
      const serving = gateways.filter(({ isServing }) => isServing);
      const gateway = serving[turn % serving.length];
      if (!gateway) this.failed.push('no gateway serves');
      else await this.send(gateway.app.url);
      await pause(PAUSE_MS);
    }
    this.agent.destroy();
  }

  private async send(url: string): Promise<void> {
    const body = JSON.stringify({ fromUser: this.name, toUser: 'restart', content: `message ${this.sent}` });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const outcome = await new Promise<string>((resolve) => {
      const sent = request(`${url}/messages`, { method: 'POST', agent: this.agent, headers }, (answer) => {
        answer.resume().once('end', () => resolve(String(answer.statusCode)));
        answer.once('error', ({ message }) => resolve(message));
      });
      sent.once('error', ({ message }) => resolve(message));
      sent.end(body);
    });
    if (outcome === '202') this.sent += 1;
    else this.failed.push(outcome);
  }
}
