const SENDS_PER_S = 50;
const CONVERSATIONS = 12;
/** Requests at once: while the gateway hangs, no more are begun. */
const IN_FLIGHT_MAX = 100;

/** Sends messages and reads conversations at a steady rate, whatever becomes of them. */
export class SteadyTraffic {
  private readonly url: string;
  private readonly timer: NodeJS.Timeout;
  private readonly inFlight = new Set<Promise<void>>();
  private count = 0;

  constructor(url: string) {
    this.url = url;
    this.timer = setInterval(() => this.next(), 1000 / SENDS_PER_S);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.inFlight);
  }

  private next(): void {
    if (this.inFlight.size >= IN_FLIGHT_MAX) return;
    const peer = `user${(this.count += 1) % CONVERSATIONS}`;
    this.begin(this.send(peer));
    if (this.count % 5 === 0) this.begin(this.ask(`/messages/hub/${peer}?limit=1`));
  }

  private send(toUser: string): Promise<void> {
    const body = JSON.stringify({ fromUser: 'hub', toUser, content: 'tick' });
    return this.ask('/messages', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  }

  private async ask(path: string, request: RequestInit = {}): Promise<void> {
    const answer = await fetch(this.url + path, { ...request, signal: AbortSignal.timeout(20_000) });
    await answer.arrayBuffer();
  }

  private begin(request: Promise<void>): void {
    const settled: Promise<void> = request.catch(() => undefined).finally(() => this.inFlight.delete(settled));
    this.inFlight.add(settled);
  }
}
