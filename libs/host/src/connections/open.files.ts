import { readFileSync } from 'node:fs';

const LIMITS = '/proc/self/limits';
/** Files that an app needs besides the connections of its clients: guests, Kafka, MongoDB, logs. */
const RESERVED = 512;
/** So few connections leave an app some use, whatever the limit is. */
const CONNECTIONS_MIN = 16;

/** How many files this process may have open: proc_pid_limits(5). Infinity where nothing says so. */
export const openFilesMax = (file = LIMITS): number => {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    return limit === undefined ? Infinity : Number(limit);
  } catch {
    return Infinity;
  }
};

/**
 * How many connections may be open here: as many as the setting says, or as the limit of open files leaves. Past that limit
 * the system accepts no connection at all, not even that of a probe.
 */
export const connectionsWithin = (wanted: number, filesMax = openFilesMax()): number =>
  Math.min(wanted, Math.max(CONNECTIONS_MIN, filesMax - RESERVED));
