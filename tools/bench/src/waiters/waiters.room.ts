/** A gateway lets a quarter of its connections wait: apps/gateway, waits.share. */
const PARTS = 4;
/** Files that an app needs besides its connections: libs/host, open.files. */
const RESERVED = 512;
/** A few places stay free for the probes and reads of the bench itself. */
const SPARE = 16;

export interface WaitersRoom {
  /** How many may wait at once. */
  waiters: number;
  /** The gateway's environment. */
  env: Record<string, string>;
}

/**
 * How many of the wanted clients may wait at one gateway of this machine, and what it must be started with.
 * @param filesMax how many files a process may have open
 */
export const roomFor = (wanted: number, filesMax: number): WaitersRoom => {
  const waiters = Math.min(wanted, Math.floor((filesMax - RESERVED) / PARTS) - SPARE);
  const connections = String((waiters + SPARE) * PARTS);
  return { waiters, env: { HTTP_CONNECTIONS_MAX: connections, HTTP_REQUESTS_MAX: connections } };
};
