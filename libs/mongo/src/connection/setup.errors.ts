import { mongo } from 'mongoose';
import { withoutContents } from './error.contents.ts';
import { StoreSetupError } from './mongo.errors.ts';
import type { StoreSettings } from './store.settings.ts';

/** Errors of the driver about the URI, its options or the machine, before any server is asked. */
const WRONG_URI = new Set([
  'MongoParseError',
  'MongoInvalidArgumentError',
  'MongoAPIError',
  'MongoCompatibilityError',
  'MongoMissingCredentialsError',
  'MongoMissingDependencyError',
  'URIError',
]);
/** mongoose has a class of its own, with the same reason. */
const SELECTION = new Set(['MongoServerSelectionError', 'MongooseServerSelectionError']);
const DATABASE_DIFFERS_IN_CASE = 13297;
/** A server that is older than 5.3 knows no clusteredIndex, the option with which the activity collection is made. */
const UNKNOWN_FIELD = 40415;
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;
const MECHANISM_UNAVAILABLE = 334;
/** "Command find requires authentication": nobody has logged in on this connection. */
const NO_LOGIN = /requires authentication/;

/**
 * What a person must mend before the store can be opened; undefined for anything that may pass by itself. Server codes:
 * https://www.mongodb.com/docs/manual/reference/error-codes/
 */
export const setupErrorFrom = (error: unknown, settings: Sources = {}): StoreSetupError | undefined => {
  const sources = { user: settings.credentials ? 'MONGO_USERNAME' : 'MONGO_URI', files: filesOf(settings) };
  const file = unreadableFile(error, sources);
  if (file !== undefined) return new StoreSetupError(file, { cause: error });
  if (!(error instanceof Error)) return undefined;
  const detail = detailOf(error, sources);
  return detail === undefined ? undefined : new StoreSetupError(detail, { cause: withoutContents(error) });
};

/** Where the user and the files may come from, beside the URI. */
type Sources = Pick<StoreSettings, 'tls' | 'credentials'>;
/** The variables that an error names. */
interface Named {
  user: string;
  files: string;
}

const filesOf = ({ tls }: Sources): string =>
  [
    'MONGO_URI',
    ...(tls?.caFile ? ['MONGO_TLS_CA_FILE'] : []),
    ...(tls?.certKeyFile ? ['MONGO_TLS_CERT_KEY_FILE'] : []),
  ].join(' or ');

const UNREADABLE = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** The driver reads the files of tlsCertificateKeyFile and its like when it connects. */
const unreadableFile = (error: unknown, { files }: Named): string | undefined => {
  const { code = '', path = 'a folder' } = (error ?? {}) as NodeJS.ErrnoException;
  return UNREADABLE.has(code)
    ? `a file that ${files} names can't be read: ${path} (${code}); correct the name, or let this user read it`
    : undefined;
};

const detailOf = (error: Error, sources: Named): string | undefined => {
  if (WRONG_URI.has(error.name)) return `MONGO_URI can't be used: ${error.message}`;
  if (SELECTION.has(error.name)) return unselectable(error as mongo.MongoServerSelectionError, sources);
  if (!(error instanceof mongo.MongoServerError)) return undefined;
  switch (Number(error.code)) {
    case DATABASE_DIFFERS_IN_CASE:
      return 'MongoDB has a database whose name differs from MONGO_DB only in upper and lower case; set MONGO_DB to that name or to another one';
    case UNKNOWN_FIELD:
      return 'this MongoDB does not know an option that Wiber uses; it must be of version 6.0 or later';
    case AUTHENTICATION_FAILED:
      return `MongoDB refuses the user of ${sources.user}: ${error.message}; correct the user, the password or authSource`;
    case MECHANISM_UNAVAILABLE:
      return `MongoDB refuses the authMechanism of MONGO_URI: ${error.message}; set one that the server enables`;
    case UNAUTHORIZED:
      if (NO_LOGIN.test(error.message))
        return 'without a login this process may not run a command; set MONGO_USERNAME and MONGO_PASSWORD_FILE, or a user in MONGO_URI';
      // The message holds the whole command.
      return `the user of ${sources.user} may not run ${/command \{ (\w+)/.exec(error.message)?.[1] ?? 'a command'}; grant it readWrite on the database`;
    default:
      return undefined;
  }
};

const unselectable = (error: mongo.MongoServerSelectionError, sources: Named): string | undefined =>
  wrongCertificate(error, sources) ?? foreignSet(error);

/** OpenSSL refuses what the files hold before any server is asked. Failures of a handshake have codes with ERR_SSL. */
const wrongCertificate = ({ reason }: mongo.MongoServerSelectionError, { files }: Named): string | undefined => {
  for (const { error } of reason?.servers?.values() ?? []) {
    const { code, message } = (error?.cause ?? {}) as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_OSSL_'))
      return `a certificate or key of ${files} can't be used: ${message}; correct its file`;
  }
  return undefined;
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

/** Options of the URI that can't be overridden and that would end every call or change what a deadline means. */
const REFUSED_OPTION = /[?&](timeoutMS)=/i;

/** @throws StoreSetupError for an option of the URI with which calls could never work */
export const refuseOptions = (uri: string): void => {
  const [, option] = REFUSED_OPTION.exec(uri) ?? [];
  if (option === undefined) return;
  throw new StoreSetupError(`MONGO_URI has ${option}; remove it: every call has a deadline of its own`);
};
