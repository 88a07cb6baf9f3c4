import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The two ends of a connection on this machine, seen from who opened it. */
export interface PortPair {
  from: number;
  to: number;
}

/** A JVM's sockets are in tcp6. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const readTables = async (): Promise<string> =>
  (await Promise.all(TABLES.map((table) => readFile(table, 'utf8')))).join('');

/** proc_net_tcp(5): both addresses end in a port in hexadecimal, and the inode is the seventh field after them. */
const inodeIn = (tables: string, { from, to }: PortPair): string | undefined => {
  const ending = (port: number) => `\\w+:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = new RegExp(`^ *\\d+: ${ending(from)} ${ending(to)} +(?:\\S+ +){6}([1-9]\\d*)`, 'm');
  return line.exec(tables)?.[1];
};

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

const holds = (pid: number, target: string): boolean => {
  try {
    // From the end: a new socket is mostly among the last.
    return readdirSync(`/proc/${pid}/fd`).some(
      (_, index, all) => linkOf(`/proc/${pid}/fd/${all.at(-1 - index)}`) === target,
    );
  } catch {
    // It ended meanwhile.
    return false;
  }
};

/**
 * Which of the processes opened a connection. The kernel takes milliseconds to write its table of sockets: it is read off
 * the main thread, and one reading serves all who asked before it began.
 */
export class SocketOwners {
  private readonly pids: () => Map<string, number>;
  private reading: Promise<unknown> = Promise.resolve();
  private next: Promise<string> | undefined;

  constructor(pids: () => Map<string, number>) {
    this.pids = pids;
  }

  /** Undefined when none of them did, or it is gone again. */
  async of(ports: PortPair): Promise<string | undefined> {
    const inode = inodeIn(await this.tables(), ports);
    if (inode === undefined) return undefined;
    return [...this.pids()].find(([, pid]) => holds(pid, `socket:[${inode}]`))?.[0];
  }

  private tables(): Promise<string> {
    this.next ??= this.reading.then(() => {
      this.next = undefined;
      const tables = readTables();
      this.reading = tables.catch(() => undefined);
      return tables;
    });
    return this.next;
  }
}
