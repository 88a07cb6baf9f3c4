import mongoose from 'mongoose';
import { StoreSetupError } from './mongo.errors.ts';
import { refuseStandalone, setupErrorFrom } from './setup.errors.ts';

const { MongoMissingCredentialsError, MongoNetworkError, MongoServerError, MongoServerSelectionError } = mongoose.mongo;

const UNAUTHORIZED =
  'not authorized on wiber to execute command { createIndexes: "messages", indexes: [ { name: "secret" } ] }';

test.each([
  [
    'a wrong password',
    new MongoServerError({ code: 18, message: 'Authentication failed.' }),
    /the user, the password or authSource$/,
  ],
  [
    'a missing privilege',
    new MongoServerError({ code: 13, message: UNAUTHORIZED }),
    /^the user of MONGO_URI may not run createIndexes; grant it /,
  ],
  [
    'no login where one is asked for',
    new MongoServerError({ code: 13, message: 'Command find requires authentication' }),
    /^without a login this process may not run a command; set MONGO_USERNAME and MONGO_PASSWORD_FILE, or a user in MONGO_URI$/,
  ],
  [
    'a database in another case',
    new MongoServerError({ code: 13297, message: 'db already exists with different case already have: [secret]' }),
    /^MongoDB has a database whose name differs .*; set MONGO_DB to that name or to another one$/,
  ],
  [
    'a server that is older than its clustered collections',
    new MongoServerError({ code: 40415, message: "BSON field 'create.clusteredIndex' is an unknown field: secret" }),
    /^this MongoDB does not know an option .*; it must be of version 6.0 or later/,
  ],
  [
    'a mechanism that the server lacks',
    new MongoServerError({ code: 334, message: 'no PLAIN' }),
    /authMechanism of MONGO_URI: no PLAIN; set one/,
  ],
  [
    'a mechanism without credentials',
    new MongoMissingCredentialsError('no user'),
    /^MONGO_URI can't be used: no user$/,
  ],
])('%s is one line that says what to change, and trying again is of no use', (_, error, line) => {
  const refusal = setupErrorFrom(error);
  expect(refusal).toBeInstanceOf(StoreSetupError);
  expect(refusal?.message).toMatch(line);
  expect(refusal?.message).not.toContain('secret');
});

test.each([
  ['a cut connection', new MongoNetworkError('ECONNRESET')],
  ['a primary that steps down', new MongoServerError({ code: 10107, message: 'not primary' })],
  ['a server that is away', new MongoServerSelectionError('ECONNREFUSED', {} as never)],
  ['an error that is none', 'x'],
])('%s may pass by itself, so the start goes on', (_, error) => {
  expect(setupErrorFrom(error)).toBeUndefined();
});

test('a server that is no member of a replica set is refused; one whose set is not initiated yet is awaited', () => {
  expect(() => refuseStandalone({ isWritablePrimary: true })).toThrow(
    /no member of a replica set; start mongod with --replSet/,
  );
  for (const hello of [{ setName: 'wiber' }, { msg: 'isdbgrid' }, { isreplicaset: true }]) refuseStandalone(hello);
});
