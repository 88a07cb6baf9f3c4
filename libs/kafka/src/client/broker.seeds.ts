const SUFFIX = '.ipv6';

/**
 * kafkajs 2.2.4 splits the address of a first broker at its first colon, so that `[::1]:9092` names no host. Such an address
 * gets a name without colons, which `hostOf` translates back. Addresses in the metadata of a broker need none of this.
 */
export const seedOf = (address: string): string =>
  address.replace(/^\[(.+)\]:/, (_, host: string) => `${host.replaceAll(':', '_')}${SUFFIX}:`);

/** The host that `seedOf` was given. No host name has an underscore, so it can stand for a colon. */
export const hostOf = (host: string): string =>
  host.endsWith(SUFFIX) ? host.slice(0, -SUFFIX.length).replaceAll('_', ':') : host;
