import { randomUUID } from 'node:crypto';

const USERS = ['ann', 'bob', 'cem', 'dee'] as const;

/** What a client of a system has sent and what it was told. */
export class AcknowledgedMessages {
  private readonly url: string;
  private readonly ids = new Map<string, string>();
  private sent = 0;

  constructor(url: string) {
    this.url = url;
  }

  /** Content by the messageId of each message that was acknowledged. */
  get all(): ReadonlyMap<string, string> {
    return this.ids;
  }

  /** Sends one message until it is acknowledged, each time under the same key. @throws Error when it is not within `within` ms */
  async send(within: number): Promise<void> {
    const place = this.sent++;
    const [fromUser, toUser] = [USERS[place % 4]!, USERS[(place + 1) % 4]!];
    const content = `message ${place}`;
    const key = randomUUID();
    const deadline = performance.now() + within;
    for (;;) {
      const answer = await this.post({ fromUser, toUser, content }, key);
      if (answer.ok) return void this.ids.set(answer.messageId, content);
      if (performance.now() > deadline) throw new Error(`message ${place} was not acknowledged: ${answer.reason}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async sendAll(count: number, within: number): Promise<void> {
    for (let index = 0; index < count; index += 8)
      await Promise.all(Array.from({ length: Math.min(8, count - index) }, () => this.send(within)));
  }

  private async post(
    body: object,
    key: string,
  ): Promise<{ ok: true; messageId: string } | { ok: false; reason: string }> {
    try {
      const answer = await fetch(`${this.url}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      const text = await answer.text();
      if (answer.status === 201 || answer.status === 202)
        return { ok: true, messageId: (JSON.parse(text) as { messageId: string }).messageId };
      return { ok: false, reason: `${answer.status} ${text}` };
    } catch (error) {
      // A container that restarts takes no connections, or breaks those that it has.
      return { ok: false, reason: (error as Error).message };
    }
  }
}
