import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChronyServer } from '@wiber/harness';
import type { AlertFault } from './alert.fault.ts';
import type { WatchedSystem } from './watched.system.ts';

const HOUR_S = 3600;
/** The server that gets a small disk. */
export const SMALL_DISK = 'kafka-3';
/** Over what WiberDiskNearlyFull allows, and less than a broker needs to end. */
const USED = 0.94;

/** The small disk of a server, by the mounts below the folder of the run (proc_mounts(5)). */
const smallDisk = ({ system }: WatchedSystem): string => {
  const folder = dirname(system.logs);
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const found = mounts.map((line) => line.split(' ')[1] ?? '').find((mount) => mount.startsWith(`${folder}/`));
  if (found === undefined) throw new Error(`${SMALL_DISK} has no small disk`);
  return found;
};

const ballast = (watched: WatchedSystem): string => join(smallDisk(watched), 'ballast');

const fill = (watched: WatchedSystem): void => {
  const { bsize, blocks, bfree } = statfsSync(smallDisk(watched));
  writeFileSync(ballast(watched), Buffer.alloc(Math.round((bfree - blocks * (1 - USED)) * bsize)));
};

/** An NTP server that every app of the system asks. Its clock is wrong at first. */
export class WrongTime {
  private server: ChronyServer | undefined;

  async start(): Promise<Record<string, string>> {
    this.server = await ChronyServer.start({ offsetSeconds: HOUR_S });
    return { NTP_SERVERS: this.server.address, NTP_PERIOD_MS: '15000' };
  }

  /** The same server with the right time. */
  async mend(): Promise<void> {
    const port = this.server?.port;
    await this.server?.stop();
    this.server = await ChronyServer.start(port === undefined ? {} : { port });
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }
}

/** Faults of a system of three brokers, three members, two workers and one NTP server. */
export const clusterFaults = (time: WrongTime): AlertFault[] => [
  {
    title: 'the clocks of all machines are an hour from their NTP server',
    alerts: ['WiberMachineClockOff'],
    missing: () => ChronyServer.missing({ offsetSeconds: HOUR_S }),
    make: async () => undefined,
    mend: () => time.mend(),
  },
  {
    title: 'a broker is killed',
    alerts: ['WiberPartitionsUnderReplicated'],
    make: ({ system }) => system.tell('kill', 'kafka-2'),
    mend: ({ system }) => system.tell('start', 'kafka-2'),
  },
  {
    title: 'a member of the replica set is killed',
    alerts: ['WiberStoreMemberDown'],
    make: ({ system }) => system.tell('kill', 'mongo-3'),
    mend: ({ system }) => system.tell('start', 'mongo-3'),
  },
  {
    title: 'the disk of a broker is nearly full',
    alerts: ['WiberDiskNearlyFull'],
    make: async (watched) => fill(watched),
    mend: async (watched) => rmSync(ballast(watched), { force: true }),
  },
];
