import { createRequire } from 'node:module';
import { renewedPassword } from './renewed.password.ts';

const requireOfMongoose = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { ScramSHA256 } = requireOfMongoose('mongodb/lib/cmap/auth/scram.js') as {
  ScramSHA256: new (method: string) => { prepare(handshake: object, context: object): Promise<object> };
};

const { MongoCredentials } = requireOfMongoose('mongodb/lib/cmap/auth/mongo_credentials.js') as {
  MongoCredentials: new (login: object) => { password: string };
};

/** The password that a login of the driver's own class begins with. */
const passwordOf = async (username: string): Promise<string> => {
  const context = {
    credentials: new MongoCredentials({ username, password: 'of the client', source: 'admin' }),
  };
  await new ScramSHA256('sha256').prepare({}, context);
  return context.credentials.password;
};

test('each login of the driver takes the password anew, and the last one while it can’t be read', async () => {
  const passwords = ['first', 'second', undefined, 'third'];
  const read = (): string => {
    const password = passwords.shift();
    if (password === undefined) throw new Error('the file is being replaced');
    return password;
  };
  expect(renewedPassword('rotating', read)).toBe('first');
  expect([await passwordOf('rotating'), await passwordOf('rotating'), await passwordOf('rotating')]).toEqual([
    'second',
    'second',
    'third',
  ]);
});

test('a user whose password is not renewed keeps that of its client', async () => {
  expect(await passwordOf('another')).toBe('of the client');
});
