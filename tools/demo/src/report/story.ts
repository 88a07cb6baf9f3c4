import { styleText } from 'node:util';

export type Tone = 'plain' | 'heading' | 'kill' | 'good' | 'bad';

const STYLE: Record<Tone, Parameters<typeof styleText>[0] | undefined> = {
  plain: undefined,
  heading: 'bold',
  kill: ['bold', 'red'],
  good: 'green',
  bad: 'red',
};

/** The reason of a wait is told at most so often, and the same reason again after a longer time only. */
const WAIT_MS = 2000;
const SAME_WAIT_MS = 30_000;

const SECONDS = 7;
const SINCE_KILL = 10;

/** Tells a run step by step. Each line has the seconds since the start, and after the kill those since the kill. */
export class Story {
  private readonly out: NodeJS.WritableStream;
  private readonly now: () => number;
  private killedAt: number | undefined;
  private waitToldAt = -Infinity;
  /** When each reason of a wait was told last. */
  private readonly waits = new Map<string, number>();

  /** @param out is coloured when it is a terminal and NO_COLOR is not set */
  constructor(out: NodeJS.WritableStream, now: () => number) {
    this.out = out;
    this.now = now;
  }

  /** A line without a time. */
  title(text: string, tone: Tone = 'plain'): void {
    this.out.write(`${this.styled(text, tone)}\n`);
  }

  tell(text: string, tone: Tone = 'plain'): void {
    const { now, killedAt } = this;
    const at = `${(now() / 1000).toFixed(1)} s`.padStart(SECONDS);
    const since = killedAt === undefined ? '' : `+${((now() - killedAt) / 1000).toFixed(2)} s`;
    this.out.write(`${at}${since.padStart(SINCE_KILL)}  ${this.styled(text, tone)}\n`);
  }

  tellAll(lines: readonly string[], tone: Tone = 'plain'): void {
    for (const line of lines) this.tell(line, tone);
  }

  /** Tells what a wait is for, when that was not told lately. */
  tellWait(reason: string): void {
    const at = this.now();
    if (at - this.waitToldAt < WAIT_MS || at - (this.waits.get(reason) ?? -Infinity) < SAME_WAIT_MS) return;
    this.waitToldAt = at;
    this.waits.set(reason, at);
    this.tell(`waiting: ${reason}`);
  }

  /** Later lines also have the time since then. */
  tellKill(text: string, at: number): void {
    this.killedAt = at;
    this.tell(text, 'kill');
  }

  private styled(text: string, tone: Tone): string {
    const style = STYLE[tone];
    return style === undefined ? text : styleText(style, text, { stream: this.out });
  }
}
