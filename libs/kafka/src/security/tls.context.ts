import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsIdentity } from './kafka.security.ts';

/** Reads the identity at each call. A new context is made only when it has changed: a bundle of CAs takes milliseconds. */
export const contextReader = (read: () => TlsIdentity): (() => SecureContext) => {
  let known: { identity: TlsIdentity; context: SecureContext } | undefined;
  return () => {
    const identity = read();
    if (!known || !isSame(known.identity, identity)) known = { identity, context: createSecureContext(identity) };
    return known.context;
  };
};

const isSame = (one: TlsIdentity, other: TlsIdentity): boolean =>
  one.ca === other.ca && one.cert === other.cert && one.key === other.key;
