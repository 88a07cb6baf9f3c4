import type { Send } from './checker/observation.ts';

export interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Sends with their outcomes, on one clock. */
export interface Followed {
  readonly sends: readonly Send[];
  readonly now: number;
}

const LINE_MS = 10_000;
const REDRAW_MS = 250;

/** Shows the progress of a run on stderr: on a terminal as one line that is redrawn, elsewhere as a line every 10 s. */
export class Progress {
  private readonly out: Terminal;
  private readonly timer: NodeJS.Timeout;
  private readonly since = performance.now();
  private current = 'starting';
  private followed: Followed | undefined;
  private counted = 0;
  private readonly counts = { acked: 0, unknown: 0, refused: 0 };

  constructor(out: Terminal = process.stderr) {
    this.out = out;
    this.timer = setInterval(() => this.draw(), out.isTTY ? REDRAW_MS : LINE_MS);
  }

  /** Phases are: starting, loading, the names of the lasting faults, healing, settling, reading, checking. */
  showPhase(name: string): void {
    this.current = name;
    this.draw();
  }

  /** Counts the answers of these sends from now on. Undefined while there is no workload. */
  follow(followed: Followed | undefined): void {
    this.followed = followed;
    this.counted = 0;
    Object.assign(this.counts, { acked: 0, unknown: 0, refused: 0 });
  }

  /** Writes a line that stays on the screen. */
  say(line: string): void {
    this.out.write(`${this.out.isTTY ? '\r\x1b[K' : ''}chaos: ${line}\n`);
    if (this.out.isTTY) this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    if (this.out.isTTY) this.out.write('\r\x1b[K');
  }

  private draw(): void {
    this.out.write(this.out.isTTY ? `\r\x1b[K${this.line()}` : `${this.line()}\n`);
  }

  private line(): string {
    const seconds = Math.round((this.followed?.now ?? performance.now() - this.since) / 1000);
    const sends = this.followed?.sends ?? [];
    for (; this.counted < sends.length; this.counted += 1) this.counts[sends[this.counted]!.outcome.type] += 1;
    const { acked, unknown, refused } = this.counts;
    const answers = this.followed ? `, ${acked} acked, ${unknown} unknown, ${refused} refused` : '';
    return `chaos: ${seconds} s, ${this.current}${answers}`;
  }
}
