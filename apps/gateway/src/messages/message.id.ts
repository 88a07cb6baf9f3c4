import type { LogPosition } from '@wiber/contracts';
import { v5, v7 } from 'uuid';

/** Names the space of sender-and-key ids; a constant of Wiber (RFC 9562, section 5.5). */
const NAMESPACE = '5d8f8c4e-0f0b-5c1e-9a86-1f0a2b7c3d4e';

/** Time-ordered without a key (UUIDv7, so that the unique index grows at its edge); with one, always the same (UUIDv5). */
export const messageIdFor = (fromUser: string, idempotencyKey: string | undefined): string =>
  idempotencyKey === undefined ? v7() : v5(idempotencyKey, v5(fromUser, NAMESPACE));

/** Ids of replays: the colon keeps them apart from those of every sender. */
const REPLAYS = v5('wiber:replay', NAMESPACE);

/** What a dead letter without a usable id of its own is replayed as: always the same, so that it is stored once. */
export const replayIdFor = ({ topic, partition, offset }: { topic: string } & LogPosition): string =>
  v5(`${topic}:${partition}:${offset}`, REPLAYS);
