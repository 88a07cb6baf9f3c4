import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { momentsOf, type ClockMove } from '../checker/clock.move.ts';

/** From and to in milliseconds since the epoch, both included. */
export interface Span {
  from: number;
  to: number;
}

/** Characters of a line that are kept; a line of mongod can be much longer. */
const WIDTH = 400;

/** When a line was written: reads the time formats of Kafka, mongod, the apps and links.log; NaN without a time. */
export const timeOf = (line: string): number => {
  const kafka = /^(\d{4}-\d\d-\d\dT[\d:]{8}),(\d{3}) /.exec(line);
  // Kafka writes local time without a zone, and Date.parse reads it as local time.
  if (kafka) return Date.parse(`${kafka[1]}.${kafka[2]}`);
  const text = /^\{"t":\{"\$date":"([^"]+)"|^\{"time":"([^"]+)"/.exec(line);
  if (text) return Date.parse(text[1] ?? text[2] ?? '');
  const app = /^\{"level":\d+,"time":(\d+)/.exec(line);
  return app ? Number(app[1]) : Number.NaN;
};

/** The logs that the processes of a system wrote. */
export class ServerLogs {
  private readonly folder: string;
  private readonly moves: readonly ClockMove[];

  /** @param moves the clocks that were moved; faults may add more: a line has the time that the clock of its process showed */
  constructor(folder: string, moves: readonly ClockMove[] = []) {
    this.folder = folder;
    this.moves = moves;
  }

  /** Lines of a time span. A line without a time, as in a stack trace, has the time of the line before it. */
  all(name: string, { from, to }: Span, pattern: RegExp): string[] {
    const found: string[] = [];
    const moves = this.moves.filter((move) => move.process === name);
    const isInSpan = (shown: number) =>
      momentsOf(shown, moves).some(({ earliest, latest }) => earliest <= to && latest >= from);
    let time = Number.NaN;
    for (const line of this.read(name)) {
      const own = timeOf(line);
      if (!Number.isNaN(own)) time = own;
      if (!Number.isNaN(time) && isInSpan(time) && pattern.test(line)) found.push(line.slice(0, WIDTH));
    }
    return found;
  }

  /** The first line, after the name of its process. */
  find(name: string, span: Span, pattern: RegExp): string | undefined {
    const [line] = this.all(name, span, pattern);
    return line === undefined ? undefined : `${name}: ${line}`;
  }

  /** The stack keeps the older part of a log in .log.1. */
  private read(name: string): string[] {
    const files = [`${name}.log.1`, `${name}.log`].map((file) => join(this.folder, file));
    return files.flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []));
  }
}
