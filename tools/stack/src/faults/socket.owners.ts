import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The ports of a connection on this machine: `from` is the end that opened it. */
export interface PortPair {
  from: number;
  to: number;
}

/** The sockets of a JVM are in tcp6. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const readTables = async (): Promise<string> =>
  (await Promise.all(TABLES.map((table) => readFile(table, 'utf8')))).join('');

/** In proc_net_tcp(5) both addresses end with the port in hexadecimal. The inode is the seventh field after them. */
const inodeIn = (tables: string, { from, to }: PortPair): string | undefined => {
  const addressWith = (port: number) => `\\w+:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = new RegExp(`^ *\\d+: ${addressWith(from)} ${addressWith(to)} +(?:\\S+ +){6}([1-9]\\d*)`, 'm');
  return line.exec(tables)?.[1];
};

const linkTargetOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

const hasSocket = (pid: number, target: string): boolean => {
  try {
    // From the end: a new socket is usually one of the last.
    return readdirSync(`/proc/${pid}/fd`).some(
      (_, index, all) => linkTargetOf(`/proc/${pid}/fd/${all.at(-1 - index)}`) === target,
    );
  } catch {
    // The process has ended meanwhile.
    return false;
  }
};

/**
 * Finds the process that opened a connection. The kernel takes milliseconds to write its table of sockets. So the table is read
 * asynchronously, and one read serves all calls that were made before it began.
 */
export class SocketOwners {
  private readonly pids: () => Map<string, number>;
  private reading: Promise<unknown> = Promise.resolve();
  private next: Promise<string> | undefined;

  constructor(pids: () => Map<string, number>) {
    this.pids = pids;
  }

  /** The name of the process. Undefined when none of them opened the connection, or when it is closed already. */
  async find(ports: PortPair): Promise<string | undefined> {
    const inode = inodeIn(await this.tables(), ports);
    if (inode === undefined) return undefined;
    return [...this.pids()].find(([, pid]) => hasSocket(pid, `socket:[${inode}]`))?.[0];
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
