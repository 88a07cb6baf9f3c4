import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isLamportTime } from '@wiber/contracts';
import { JsonWriter } from './json.writer.ts';
import { writeMessage } from './message.json.ts';

const [COMMA, OPEN_LIST, CLOSE_LIST] = [0x2c, 0x5b, 0x5d];

export interface MessagesAsJson {
  /** A JSON array of the messages, UTF-8. */
  json: Buffer;
  /** The largest Lamport time among them that a clock follows; 0 where there is none. */
  lamport: number;
}

/** Called for a document that is no message. */
export type LeaveOut = (document: Uint8Array, reason: Error) => void;

const refuse: LeaveOut = (_, reason) => {
  throw reason;
};

/** So much of a large page is written in one turn of the event loop: some milliseconds of work. */
const TURN_BYTES = 256 * 1024;

/**
 * Turns stored messages from BSON into a page of JSON: see `writeMessage`.
 *
 * @param documents whole documents as the server sent them, in the order of the page
 * @param leaveOut gets each document that is no message: a field is missing, or has a type or value that no message has.
 *   The page goes on without it. By default such a document is an error.
 */
export const messagesToJson = (documents: readonly Uint8Array[], leaveOut: LeaveOut = refuse): MessagesAsJson => {
  const writing = pagePieces(documents, leaveOut);
  for (;;) {
    const piece = writing.next();
    if (piece.done) return piece.value;
  }
};

/** As `messagesToJson`, a large page in pieces over several turns of the event loop. */
export const messagesToJsonInTurns = async (
  documents: readonly Uint8Array[],
  leaveOut: LeaveOut = refuse,
): Promise<MessagesAsJson> => {
  const writing = pagePieces(documents, leaveOut);
  for (;;) {
    const piece = writing.next();
    if (piece.done) return piece.value;
    await nextTurn();
  }
};

/** Yields after each piece. */
function* pagePieces(documents: readonly Uint8Array[], leaveOut: LeaveOut): Generator<void, MessagesAsJson> {
  const page = yield* writePage(documents, leaveOut);
  if (isUtf8(page.json)) return page;
  // Only a foreign writer can store text that is no UTF-8. Rare, so the page is made again without such documents.
  const readable: Uint8Array[] = [];
  for (const document of documents) {
    const alone = yield* writePage([document], () => undefined);
    if (isUtf8(alone.json)) readable.push(document);
    else leaveOut(document, new Error('a text is no UTF-8'));
  }
  return yield* writePage(readable, () => undefined);
}

function* writePage(documents: readonly Uint8Array[], leaveOut: LeaveOut): Generator<void, MessagesAsJson> {
  const writer = new JsonWriter(documents.reduce((sum, document) => sum + document.length + 64, 2));
  writer.byte(OPEN_LIST);
  let lamport = 0;
  let read = 0;
  for (const document of documents) {
    const start = writer.size;
    try {
      if (start > 1) writer.byte(COMMA);
      const time = writeMessage(writer, document);
      if (time > lamport && isLamportTime(time)) lamport = time;
    } catch (error) {
      writer.size = start;
      leaveOut(document, error as Error);
    }
    read += document.length;
    if (read < TURN_BYTES) continue;
    read = 0;
    yield;
  }
  writer.byte(CLOSE_LIST);
  return { json: writer.bytes, lamport };
}
