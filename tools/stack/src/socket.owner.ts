import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** The two ends of a connection on this machine, seen from who opened it. */
export interface PortPair {
  from: number;
  to: number;
}

/** proc_net_tcp(5): addresses in hexadecimal, and the inode in the tenth field. A JVM's sockets may be in tcp6. */
const inodeOf = ({ from, to }: PortPair): string | undefined => {
  const ending = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['tcp', 'tcp6']) {
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
      const [, local = '', remote = '', , , , , , , inode = '0'] = line.trim().split(/\s+/);
      if (inode !== '0' && local.endsWith(ending(from)) && remote.endsWith(ending(to))) return inode;
    }
  }
  return undefined;
};

const holds = (pid: number, target: string): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === target);
  } catch {
    // It ended meanwhile.
    return false;
  }
};

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

/** Which of these processes opened the connection; undefined when none of them did, or it is gone again. */
export const socketOwner = (ports: PortPair, pids: Map<string, number>): string | undefined => {
  const inode = inodeOf(ports);
  if (inode === undefined) return undefined;
  return [...pids].find(([, pid]) => holds(pid, `socket:[${inode}]`))?.[0];
};
