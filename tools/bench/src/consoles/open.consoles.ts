/** Streams of a gateway that are read as a console reads them, and thrown away. */
export class OpenConsoles {
  private readonly stop = new AbortController();
  private readonly readers: Promise<void>[] = [];
  private failure: unknown;
  bytes = 0;

  /** @throws Error when the gateway refuses one */
  static async open(gatewayUrl: string, count: number): Promise<OpenConsoles> {
    const consoles = new OpenConsoles();
    try {
      for (let opened = 0; opened < count; opened += 1) await consoles.add(`${gatewayUrl}/stats/stream`);
      return consoles;
    } catch (error) {
      await consoles.close().catch(() => undefined);
      throw error;
    }
  }

  /** @throws Error when a stream ended before */
  async close(): Promise<void> {
    const { failure } = this;
    this.stop.abort();
    await Promise.all(this.readers);
    if (failure !== undefined) throw new Error('a stream ended while it was to be read', { cause: failure });
  }

  private async add(url: string): Promise<void> {
    const answer = await fetch(url, { signal: this.stop.signal });
    if (!answer.ok || !answer.body) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
    this.readers.push(this.read(answer.body));
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    try {
      for await (const piece of body) this.bytes += piece.length;
      this.failure ??= 'the gateway closed it';
    } catch (error) {
      if (!this.stop.signal.aborted) this.failure ??= error;
    }
  }
}
