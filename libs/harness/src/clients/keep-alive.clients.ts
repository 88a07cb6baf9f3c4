import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const PROBE_EVERY_MS = 100;

/** One gateway of several, as a load balancer sees it: asked again and again whether it serves. */
export class ProbedGateway {
  isServing = true;
  url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Asks the probe until the signal is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.isServing = await fetch(`${this.url}/health/serving`).then(
        ({ ok }) => ok,
        () => false,
      );
      await pause(PROBE_EVERY_MS);
    }
  }
}

/** A client that keeps its connections and sends one message after the other to user `restart`, at a gateway that serves. */
export class KeepAliveClient {
  /** How each send ended that was not acknowledged. */
  readonly failed: string[] = [];
  sent = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly name: string;
  private readonly pauseMs: number;

  /** @param pauseMs how long it waits after an answer */
  constructor(name: string, pauseMs = 100) {
    this.name = name;
    this.pauseMs = pauseMs;
  }

  async sendUntil(signal: AbortSignal, gateways: readonly ProbedGateway[]): Promise<void> {
    for (let turn = 0; !signal.aborted; turn += 1) {
      const serving = gateways.filter(({ isServing }) => isServing);
      const gateway = serving[turn % serving.length];
      if (!gateway) this.failed.push('no gateway serves');
      else await this.send(gateway.url);
      await pause(this.pauseMs);
    }
    this.agent.destroy();
  }

  private async send(url: string): Promise<void> {
    const body = JSON.stringify({ fromUser: this.name, toUser: 'restart', content: `message ${this.sent}` });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const outcome = await new Promise<string>((resolve) => {
      const sent = request(`${url}/messages`, { method: 'POST', agent: this.agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => resolve(answer.statusCode === 202 ? '202' : `${answer.statusCode} ${text}`));
        answer.once('error', ({ message }) => resolve(message));
      });
      sent.once('error', ({ message }) => resolve(message));
      sent.end(body);
    });
    if (outcome === '202') this.sent += 1;
    else this.failed.push(outcome);
  }
}
