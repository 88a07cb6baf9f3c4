import kafkajs, { type AuthenticationProviderArgs, type Authenticator, type Mechanism } from 'kafkajs';
import { SASL_PROVIDERS, type Login, type LoginConnection, type SaslAuthenticator } from './kafkajs.internals.ts';
import { LoginTurns } from './login.turns.ts';
import type { KafkaSecurity } from '../security/kafka.security.ts';

const { KafkaJSConnectionError, KafkaJSSASLAuthenticationError } = kafkajs;

/** kafkajs authenticates again so long before the session of a connection ends, in milliseconds (KIP-368). Its default. */
const RENEW_BEFORE_MS = 10_000;
/** A short session is renewed after three quarters of its time: with 10 s, each request would log in again. */
const RENEW_BEFORE_SHARE = 1 / 4;
/** The types of kafkajs give its constructor no parameter. */
const Refusal = KafkaJSSASLAuthenticationError as unknown as new (message: string) => kafkajs.KafkaJSError;
const REFUSALS = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM']);

type SaslSecurity = NonNullable<KafkaSecurity['sasl']>;

/** The part of kafkajs' configuration that logs in. The credentials are asked for at each login. */
export const saslMechanism = ({ mechanism, credentials, listener }: SaslSecurity): Mechanism & Login => {
  const turns = new LoginTurns({ isRefusal: isRefused });
  return {
    mechanism,
    listener,
    authenticationProvider: (call) => {
      const login = loginOf(call, (exchange) => SASL_PROVIDERS[mechanism](credentials())(exchange));
      return { authenticate: () => turns.run(() => login.authenticate()) };
    },
  };
};

const isRefused = (error: unknown): boolean => REFUSALS.has((error as { type?: string }).type ?? '');

/** kafkajs keeps of a failed exchange only its message; whether the login was refused or not answered is in its cause. */
const loginOf = (
  call: AuthenticationProviderArgs,
  provider: (call: AuthenticationProviderArgs) => Authenticator,
): Authenticator => ({
  authenticate: async () => {
    let failure: unknown;
    const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async (exchange) => {
      try {
        return await call.saslAuthenticate(exchange);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    try {
      await provider({ ...call, saslAuthenticate }).authenticate();
    } catch (error) {
      throw failure ?? error;
    }
  },
});

/**
 * Mends what kafkajs 2.2.4 makes of a login that fails. It keeps the connection: the next login on it is refused as out of
 * order. It also takes a login that was not answered for one that was refused, and ends the consumer
 * (https://github.com/tulios/kafkajs/issues/1550). Here the connection is closed, and a login that was not answered is a
 * failure of the connection, after which kafkajs connects again. @param login the prototype of kafkajs' SASLAuthenticator
 */
export const mendLogin = (login: SaslAuthenticator): void => {
  const { authenticate } = login;
  login.authenticate = async function (this: SaslAuthenticator) {
    const { connection } = this;
    try {
      await authenticate.call(this);
    } catch (error) {
      const failure = failureOf(error, connection);
      connection.rejectRequests(failure);
      void connection.disconnect();
      if (isRefusal(failure)) connection.sasl?.listener?.refused(failure.message);
      throw failure;
    }
    const lifetimeMs = Number(this.sessionLifetime);
    connection.reauthenticationThreshold = Math.min(RENEW_BEFORE_MS, lifetimeMs * RENEW_BEFORE_SHARE);
    connection.sasl?.listener?.accepted();
  };
};

const isRefusal = (error: Error): boolean => error instanceof KafkaJSSASLAuthenticationError;

const failureOf = (error: unknown, { broker }: LoginConnection): Error => {
  if (error instanceof KafkaJSConnectionError || error instanceof KafkaJSSASLAuthenticationError) return error;
  const { message } = error as Error;
  if (isRefused(error)) return new Refusal(message);
  return new KafkaJSConnectionError(`The login failed: ${message}`, { broker });
};
