import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds since the epoch, both included. */
export interface Span {
  from: number;
  to: number;
}

/** Enough to see who says what; a mongod's lines can be far longer. */
const WIDTH = 400;

/** When a line was written, in the manner of Kafka, mongod, the apps and links.log; NaN for one that says no time. */
export const timeOf = (line: string): number => {
  const kafka = /^(\d{4}-\d\d-\d\dT[\d:]{8}),(\d{3}) /.exec(line);
  // Without a zone: that of this machine, as Kafka meant it.
  if (kafka) return Date.parse(`${kafka[1]}.${kafka[2]}`);
  const text = /^\{"t":\{"\$date":"([^"]+)"|^\{"time":"([^"]+)"/.exec(line);
  if (text) return Date.parse(text[1] ?? text[2] ?? '');
  const app = /^\{"level":\d+,"time":(\d+)/.exec(line);
  return app ? Number(app[1]) : Number.NaN;
};

/** What the servers of a system wrote themselves. */
export class ServerLogs {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Lines of that time; one that says none, of a stack trace for one, has the time of the line before it. */
  all(name: string, { from, to }: Span, pattern: RegExp): string[] {
    const found: string[] = [];
    let time = Number.NaN;
    for (const line of this.read(name)) {
      const own = timeOf(line);
      if (!Number.isNaN(own)) time = own;
      if (time >= from && time <= to && pattern.test(line)) found.push(line.slice(0, WIDTH));
    }
    return found;
  }

  /** The first, with the name of whose log it is of. */
  find(name: string, span: Span, pattern: RegExp): string | undefined {
    const [line] = this.all(name, span, pattern);
    return line === undefined ? undefined : `${name}: ${line}`;
  }

  /** A log that grew past its cap goes on in a new one. */
  private read(name: string): string[] {
    const files = [`${name}.log.1`, `${name}.log`].map((file) => join(this.folder, file));
    return files.flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []));
  }
}
