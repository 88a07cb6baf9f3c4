/** One event of a text/event-stream, as the HTML standard reads it. */
export interface StreamEvent {
  event: string;
  data: string;
}

/** The longest event that is kept: a look with hundreds of partitions is far smaller. */
export const EVENT_MAX_CHARS = 4_000_000;

/** Thrown when a server sends an event without an end. */
export class EventTooLong extends Error {
  override readonly name = 'EventTooLong';
}

/** Reads a text/event-stream piece by piece (HTML standard, 9.2.6). Comments and ids are skipped; `retry` is remembered. */
export class EventReader {
  /** Milliseconds to wait before the next connection, if the server said so. */
  retryMs: number | undefined;
  private rest = '';
  private event = '';
  private data: string[] = [];
  private size = 0;

  /** @throws EventTooLong */
  read(piece: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    if (this.rest.length > EVENT_MAX_CHARS) throw new EventTooLong('a line of the stream has no end');
    for (const line of lines) {
      if (line !== '') this.field(line);
      else if (this.data.length > 0) events.push(this.take());
      else this.event = '';
    }
    return events;
  }

  private take(): StreamEvent {
    const event = { event: this.event === '' ? 'message' : this.event, data: this.data.join('\n') };
    this.event = '';
    this.data = [];
    this.size = 0;
    return event;
  }

  private field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.event = value;
    else if (name === 'retry' && /^\d{1,7}$/.test(value)) this.retryMs = Number(value);
    else if (name === 'data') {
      this.size += value.length;
      if (this.size > EVENT_MAX_CHARS) throw new EventTooLong('an event of the stream has no end');
      this.data.push(value);
    }
  }
}
