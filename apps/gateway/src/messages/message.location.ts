import type { LogPosition } from '@wiber/contracts';

/** A broker may acknowledge a record without its offset; the offset is then negative. */
export const knownPosition = (position: LogPosition | undefined): LogPosition | undefined =>
  position && position.offset >= 0 ? { partition: position.partition, offset: position.offset } : undefined;

/** The address of a message. With its position, a GET there can tell a message that is not stored yet from no message. */
export const messageLocation = (messageId: string, position: LogPosition | undefined): string => {
  const known = knownPosition(position);
  return `/messages/${messageId}${known ? `?partition=${known.partition}&offset=${known.offset}` : ''}`;
};
