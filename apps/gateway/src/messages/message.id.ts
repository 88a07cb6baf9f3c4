import type { LogPosition } from '@wiber/contracts';
import { v5, v7 } from 'uuid';

/** The namespace of ids that come from a sender and a key (RFC 9562, section 5.5). It never changes. */
const NAMESPACE = '5d8f8c4e-0f0b-5c1e-9a86-1f0a2b7c3d4e';

/**
 * Without a key: a UUIDv7, whose time order lets the unique index grow at its end. With a key: always the same UUIDv5.
 * @param toUser given where messages are unique in their conversation only: the key then counts for this recipient, so that no
 * two conversations have a message with the same id
 */
export const messageIdFor = (fromUser: string, idempotencyKey: string | undefined, toUser?: string): string =>
  idempotencyKey === undefined ? v7() : v5(idempotencyKey, v5(ownerOf(fromUser, toUser), NAMESPACE));

/** A username has no slash, so no sender alone and no two others are the same owner. */
const ownerOf = (fromUser: string, toUser: string | undefined): string =>
  toUser === undefined ? fromUser : `${fromUser}/${toUser}`;

/** The namespace of replays. A username has no colon, so no sender shares this namespace. */
const REPLAYS = v5('wiber:replay', NAMESPACE);

/**
 * The id of a replayed dead letter whose own id is that of another message. A batch that is sent again may append one
 * record twice, and both become dead letters: their replays have one id, so that the message is stored once.
 * @param content what tells the record from others with its own id
 */
export const replayIdOfConflict = (ownId: string, content: string): string => v5(`${ownId}:${content}`, REPLAYS);

/** The id of a replayed dead letter that has no id of its own. Always the same, so that it is stored once. */
export const replayIdFor = ({ topic, partition, offset }: { topic: string } & LogPosition): string =>
  v5(`${topic}:${partition}:${offset}`, REPLAYS);
