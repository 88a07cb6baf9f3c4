import { mongo } from 'mongoose';
import { withoutContents } from './error.contents.ts';
import { StoreSetupError } from './mongo.errors.ts';

/** Errors of the driver about the URI, its options or the machine, before any server is asked. */
const WRONG_URI = new Set([
  'MongoParseError',
  'MongoInvalidArgumentError',
  'MongoAPIError',
  'MongoMissingCredentialsError',
  'MongoMissingDependencyError',
  'URIError',
]);
/** mongoose has a class of its own, with the same reason. */
const SELECTION = new Set(['MongoServerSelectionError', 'MongooseServerSelectionError']);
const DATABASE_DIFFERS_IN_CASE = 13297;
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;
const MECHANISM_UNAVAILABLE = 334;

/**
 * What a person must mend before the store can be opened; undefined for anything that may pass by itself. Server codes:
 * https://www.mongodb.com/docs/manual/reference/error-codes/
 */
export const setupErrorFrom = (error: unknown): StoreSetupError | undefined => {
  if (!(error instanceof Error)) return undefined;
  const detail = detailOf(error);
  return detail === undefined ? undefined : new StoreSetupError(detail, { cause: withoutContents(error) });
};

const detailOf = (error: Error): string | undefined => {
  if (WRONG_URI.has(error.name)) return `MONGO_URI can't be used: ${error.message}`;
  if (SELECTION.has(error.name)) return foreignSet(error as mongo.MongoServerSelectionError);
  if (!(error instanceof mongo.MongoServerError)) return undefined;
  switch (Number(error.code)) {
    case DATABASE_DIFFERS_IN_CASE:
      return 'MongoDB has a database whose name differs from MONGO_DB only in upper and lower case; set MONGO_DB to that name or to another one';
    case AUTHENTICATION_FAILED:
      return `MongoDB refuses the user of MONGO_URI: ${error.message}; correct the user, the password or authSource`;
    case MECHANISM_UNAVAILABLE:
      return `MongoDB refuses the authMechanism of MONGO_URI: ${error.message}; set one that the server enables`;
    case UNAUTHORIZED:
      // The message holds the whole command.
      return `the user of MONGO_URI may not run ${/command \{ (\w+)/.exec(error.message)?.[1] ?? 'a command'}; grant it readWrite on the database`;
    default:
      return undefined;
  }
};

/** The driver drops each server that is no member of the set that the URI names. When it has dropped all, none is awaited. */
const foreignSet = ({ reason }: mongo.MongoServerSelectionError): string | undefined => {
  if (!reason?.setName || reason.servers.size > 0) return undefined;
  const set = `the replica set '${reason.setName}' that replicaSet names`;
  return `no server of MONGO_URI is a member of ${set}; correct replicaSet, or start mongod with --replSet and initiate it`;
};

/** @throws StoreSetupError for a server that is alone: it has no majority and no time that reads could wait for */
export const refuseStandalone = (hello: mongo.Document): void => {
  if (hello['setName'] || hello['msg'] === 'isdbgrid' || hello['isreplicaset']) return;
  throw new StoreSetupError(
    'the server of MONGO_URI is no member of a replica set; start mongod with --replSet and initiate it',
  );
};
