import { createRequire } from 'node:module';
import type { mongo } from 'mongoose';

/** What the driver hands to a login. The driver exports neither this nor its logins. */
interface LoginContext {
  credentials?: mongo.MongoCredentials;
}

interface ScramLogin {
  prepare(handshake: mongo.Document, context: LoginContext): Promise<mongo.Document>;
}

const requireHere = createRequire(import.meta.url);
// The driver that mongoose has, wherever npm puts it.
const requireOfMongoose = createRequire(requireHere.resolve('mongoose'));
const { ScramSHA256 } = requireOfMongoose('mongodb/lib/cmap/auth/scram.js') as { ScramSHA256: new () => ScramLogin };
const scram = Object.getPrototypeOf(ScramSHA256.prototype) as ScramLogin;

/** By user. A process logs in at MongoDB as one user. */
const passwords = new Map<string, () => string>();

/**
 * Connections that are opened from now on log in with what `read` returns then. mongodb 7.8.0 keeps the password that a
 * client was made with: after a rotation no new connection would be accepted until a restart. @throws what `read` throws
 */
export const renewedPassword = (username: string, read: () => string): string => {
  let last = read();
  passwords.set(username, () => {
    try {
      last = read();
    } catch {
      // A file that is being replaced. The login fails if this password is old, and the next one reads it again.
    }
    return last;
  });
  return last;
};

/** The driver freezes its credentials, and exports no constructor of them. */
const withPassword = (credentials: mongo.MongoCredentials, password: string): mongo.MongoCredentials =>
  Object.assign(Object.create(Object.getPrototypeOf(credentials) as object) as object, credentials, { password });

const { prepare } = scram;
// Each login begins with it, before any byte is sent.
scram.prepare = function (this: ScramLogin, handshake, context) {
  const { credentials } = context;
  const read = credentials && passwords.get(credentials.username);
  if (read) context.credentials = withPassword(credentials, read());
  return prepare.call(this, handshake, context);
};
