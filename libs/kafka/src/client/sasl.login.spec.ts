import kafkajs, { type AuthenticationProviderArgs } from 'kafkajs';
import type { LoginConnection, SaslAuthenticator } from './kafkajs.internals.ts';
import { mendLogin, saslMechanism } from './sasl.login.ts';

const { KafkaJSConnectionError, KafkaJSProtocolError, KafkaJSRequestTimeoutError, KafkaJSSASLAuthenticationError } =
  kafkajs;

const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(`the broker says ${type}`), { type, code: 1, retriable: false }));

/** A login whose exchange with the broker ends as `exchange` does. */
const loginWith = (exchange: () => Promise<void>, sessionLifetime = '0') => {
  const heard: string[] = [];
  const listener = { accepted: () => heard.push('accepted'), refused: (reason: string) => heard.push(reason) };
  const connection = {
    broker: 'kafka:9092',
    sasl: {
      listener: { accepted: () => void listener.accepted(), refused: (why: string) => void listener.refused(why) },
    },
    reauthenticationThreshold: 10_000,
    rejectRequests: (error: Error) => void heard.push(`rejected: ${error.name}`),
    disconnect: async () => void heard.push('closed'),
  } satisfies LoginConnection;
  const login: SaslAuthenticator = { connection, sessionLifetime, authenticate: exchange };
  mendLogin(login);
  return { login, connection, heard };
};

test.each(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM'])(
  'a login that the broker refuses with %s is told to the process, and is not tried again by kafkajs',
  async (type) => {
    const { login, heard } = loginWith(() => Promise.reject(protocolError(type)));
    const failure = await login.authenticate().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KafkaJSSASLAuthenticationError);
    expect(failure).toMatchObject({ retriable: false, message: `the broker says ${type}` });
    expect(heard).toEqual(['rejected: KafkaJSSASLAuthenticationError', 'closed', `the broker says ${type}`]);
  },
);

test('a login without an answer is a failure of the connection, which is closed, and no refusal', async () => {
  const { login, heard } = loginWith(() => Promise.reject(new KafkaJSRequestTimeoutError('no answer', {} as never)));
  const failure = await login.authenticate().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(KafkaJSConnectionError);
  expect(failure).toMatchObject({ retriable: true, message: 'The login failed: no answer' });
  expect(heard).toEqual(['rejected: KafkaJSConnectionError', 'closed']);
});

test('a login out of order, and one whose password file can’t be read, are tried again on another connection', async () => {
  for (const error of [protocolError('ILLEGAL_SASL_STATE'), new Error('is empty')]) {
    const { login, heard } = loginWith(() => Promise.reject(error));
    await expect(login.authenticate()).rejects.toMatchObject({ name: 'KafkaJSConnectionError', retriable: true });
    expect(heard).toEqual(['rejected: KafkaJSConnectionError', 'closed']);
  }
});

test('a session is renewed 10 s before its end, and a short one after three quarters of its time', async () => {
  for (const [lifetime, before] of [
    ['3600000', 10_000],
    ['20000', 5000],
  ] as const) {
    const { login, connection, heard } = loginWith(() => Promise.resolve(), lifetime);
    await login.authenticate();
    expect(connection.reauthenticationThreshold).toBe(before);
    expect(heard).toEqual(['accepted']);
  }
});

/** The first message of a login with PLAIN is all of it: user and password behind zero bytes (RFC 4616). */
const sentBy = async (provider: ReturnType<typeof saslMechanism>['authenticationProvider']): Promise<string> => {
  let sent = '';
  const logger = { debug: () => undefined, error: () => undefined };
  const saslAuthenticate = async ({ request }: { request: { encode: () => Promise<Buffer> } }) => {
    sent = (await request.encode()).toString('utf8');
  };
  await provider({
    host: 'a',
    port: 1,
    logger,
    saslAuthenticate,
  } as unknown as AuthenticationProviderArgs).authenticate();
  return sent;
};

test('the password is asked for at each login', async () => {
  const passwords = ['first', 'second'];
  const { authenticationProvider } = saslMechanism({
    mechanism: 'plain',
    credentials: () => ({ username: 'wiber', password: passwords.shift()! }),
  });
  expect(await sentBy(authenticationProvider)).toContain('\0wiber\0first');
  expect(await sentBy(authenticationProvider)).toContain('\0wiber\0second');
});
