import type { ClientConnection } from './client.connection.ts';
import type { CloseReason } from './connection.limits.ts';

/** Closing one connection for each new one would look at all of them each time. */
const ROOM_MAX = 100;
/** How long a connection over the limit may take to send its one request and to read the answer, in milliseconds. */
const GUEST_MS = 2000;

/**
 * The connections to close so that new ones find room, or requests: of those whose clients keep the app waiting, the ones that
 * do so for the longest time. Idle ones are among them, since HTTP lets a server close an idle connection at any time (RFC 9112,
 * section 9.5).
 */
export const makeRoom = (
  connections: Iterable<ClientConnection>,
  { now, limit, isIdleToo }: { now: number; limit: number; isIdleToo: boolean },
): ClientConnection[] => {
  const stalled: { connection: ClientConnection; since: number }[] = [];
  for (const connection of connections) {
    const since = connection.isGuest || (connection.isIdle && !isIdleToo) ? undefined : connection.stalledSince(now);
    if (since !== undefined) stalled.push({ connection, since });
  }
  return stalled
    .sort((one, other) => one.since - other.since)
    .slice(0, Math.min(ROOM_MAX, Math.ceil(limit / 100)))
    .map(({ connection }) => connection);
};

/** Why a connection must be closed now; undefined when it may stay. Times are milliseconds. */
export const overdueReason = (
  connection: ClientConnection,
  at: { now: number; answerTimeoutMs: number; isStopping: boolean; isClosing: boolean },
): CloseReason | undefined => {
  if (connection.isLeftOpen(at.now)) return 'left_open';
  if (connection.isReadTooSlowly(at.now, at.answerTimeoutMs)) return 'slow_reader';
  if (connection.isGuest && at.now - connection.idleSince > GUEST_MS) return 'too_many_connections';
  if (!at.isStopping) return undefined;
  // Looked at during the drain, so that it is known when the drain ends.
  const isSilent = connection.isSilent();
  return at.isClosing && isSilent ? 'stopped' : undefined;
};

/** The connections with the most unread answers, as few as bring the sum of all under the limit. */
export const shedBacklog = (connections: Iterable<ClientConnection>, limit: number): ClientConnection[] => {
  let sum = 0;
  const backlogs: { connection: ClientConnection; size: number }[] = [];
  for (const connection of connections) {
    const size = connection.answerSize;
    if (size === 0) continue;
    sum += size;
    backlogs.push({ connection, size });
  }
  const shed: ClientConnection[] = [];
  if (sum <= limit) return shed;
  backlogs.sort((one, other) => other.size - one.size);
  for (const { connection, size } of backlogs) {
    if (sum <= limit) break;
    sum -= size;
    shed.push(connection);
  }
  return shed;
};

/** The connection with the most waiting requests. */
export const mostWaiting = (connections: Iterable<ClientConnection>): ClientConnection | undefined => {
  let most: ClientConnection | undefined;
  for (const connection of connections) if (connection.waiting > (most?.waiting ?? 0)) most = connection;
  return most;
};
