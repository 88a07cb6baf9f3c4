import type { SecureContextOptions } from 'node:tls';

/** The mechanisms of SASL that a client may log in with, as the settings name them (RFC 4616, RFC 5802, RFC 7677). */
export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** PEM texts. Without `ca` the certificates of Node are trusted. A broker that asks for a certificate gets `cert`. */
export type TlsIdentity = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;

export interface Credentials {
  username: string;
  password: string;
}

/** Hears how the logins of this process end. */
export interface LoginListener {
  accepted: () => void;
  /** @param reason the sentence of the broker. A login that was not answered is no refusal. */
  refused: (reason: string) => void;
}

/**
 * How connections to brokers are encrypted and authenticated. `tls` and `credentials` are called at each connection, so that
 * what was rotated is used from the next connection on. When one of them throws, that connection fails and another is tried.
 */
export interface KafkaSecurity {
  /** Undefined: connections are not encrypted. */
  tls?: (() => TlsIdentity) | undefined;
  /** Undefined: brokers ask for no login. */
  sasl?: { mechanism: SaslMechanism; credentials: () => Credentials; listener?: LoginListener } | undefined;
}
