import { StoreReader, memberDigests, requireMessage } from '@wiber/evidence';
import type { StoredRow } from '../checker/observation.ts';
import type { Subject } from '../subject.ts';

export interface StoreEvidence {
  stored: StoredRow[];
  members: Map<string, Map<string, string>>;
}

/** What the primary holds by a majority read, and what each member of the replica set holds by itself. */
export const readStoreRows = async ({ mongoUri, members: asked, ...names }: Subject): Promise<StoreEvidence> => {
  const store = await StoreReader.open(mongoUri, names);
  try {
    const stored: StoredRow[] = [];
    for await (const document of store.all()) stored.push(rowOf(document));
    const members = new Map<string, Map<string, string>>();
    for (const { id, address } of asked) members.set(id, await memberDigests(address, names));
    return { stored, members };
  } finally {
    await store.close();
  }
};

const rowOf = (document: Parameters<typeof requireMessage>[0]): StoredRow => {
  const { messageId, conversationId, fromUser, toUser, content, timestamp, partition, offset } =
    requireMessage(document);
  return { messageId, conversationId, fromUser, toUser, content, timestamp, partition, offset };
};
