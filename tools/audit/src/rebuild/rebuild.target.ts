import { COLLECTION_SUFFIXES, isOwnCollection } from '@wiber/contracts';
import type { StoreEditor, StoreNames, StoreReader } from '@wiber/evidence';
import { AuditError } from '../audit.errors.ts';
import type { LiveSystem } from '../live.system.ts';

export interface TargetOptions {
  /** The database and the collection to rebuild into; each is the live one unless it is given. */
  to: { database?: string | undefined; collection?: string | undefined };
  /** Whether a target that holds messages of an earlier rebuild is refused or dropped. */
  target: { type: 'must-be-empty' } | { type: 'replace' };
}

/** Names that MongoDB allows for a database, without the names of its own databases. */
const DATABASE_NAME = /^(?!(?:admin|local|config)$)[^/\\. "$*<>:|?\0]+$/i;
const DATABASE_BYTES = 63;

/** As the apps take it, so that they can use the target: names that MongoDB allows, without those of its own collections. */
const COLLECTION_NAME = /^(?!system\.)(?!\.)(?!.*\.\.)(?!.*\.$)[^$\0]+$/;
const COLLECTION_BYTES = 180;

const fits = (name: string, pattern: RegExp, bytes: number): boolean =>
  pattern.test(name) && Buffer.byteLength(name) <= bytes;

/** Also the collections that belong to a target must not be the collection of messages that somebody uses. */
const writesInto = ({ database, collection }: StoreNames, used: StoreNames): boolean =>
  // MongoDB refuses two names of databases that differ only in their case.
  database.toLowerCase() === used.database.toLowerCase() &&
  ['', ...COLLECTION_SUFFIXES].some((suffix) => collection + suffix === used.collection);

/** @throws AuditError when the name is wrong, or when the rebuild would write into what is live or Wiber's own */
export const targetOf = (system: LiveSystem, { to }: Pick<TargetOptions, 'to'>): StoreNames => {
  const { database = system.database, collection = system.collection } = to;
  if (!fits(database, DATABASE_NAME, DATABASE_BYTES))
    throw new AuditError('usage', `--to '${database}' is not a valid name of a database`);
  if (!fits(collection, COLLECTION_NAME, COLLECTION_BYTES))
    throw new AuditError('usage', `--to-collection '${collection}' is not a valid name of a collection`);
  const target = { database, collection };
  for (const used of [system, ...(system.inUseHere ? [system.inUseHere] : [])])
    if (writesInto(target, used))
      throw new AuditError(
        'target_refused',
        `${database}.${collection} is the live collection; --to names another database, or --to-collection another collection`,
      );
  if (isOwnCollection(collection))
    throw new AuditError(
      'target_refused',
      `${database}.${collection} is a name of Wiber's own; --to-collection names a collection of its own for the copy`,
    );
  return target;
};

/**
 * Empties the target and marks it as the copy of a rebuild. Only a collection with that mark, to which nothing was added
 * since, is ever dropped: another one may be in use, here or elsewhere.
 * @throws AuditError when the target holds messages and must not be dropped
 */
export const claimTarget = async (to: StoreNames, copy: StoreReader, { target, editor }: Claim): Promise<void> => {
  const name = `${to.database}.${to.collection}`;
  const mark = await editor.rebuildMark();
  if (await copy.holdsAny()) {
    if (target.type === 'must-be-empty')
      throw new AuditError('target_refused', `${name} holds messages already; --replace drops them first`);
    const why = await whyForeign(copy, mark?.messages, mark !== undefined);
    if (why)
      throw new AuditError(
        'target_refused',
        `${name} ${why}, so --replace does not drop it; name another target, or drop it in MongoDB when nothing uses it`,
      );
  }
  if (mark) await editor.drop();
  await editor.markAsRebuild({});
};

interface Claim extends Pick<TargetOptions, 'target'> {
  editor: StoreEditor;
}

const whyForeign = async (
  copy: StoreReader,
  messages: number | undefined,
  isMarked: boolean,
): Promise<string | undefined> => {
  if (!isMarked) return 'holds documents that no rebuild stored';
  if (messages === undefined) return undefined;
  const count = await copy.estimatedCount();
  return count === messages ? undefined : `holds ${count} documents, and the rebuild stored ${messages}`;
};
