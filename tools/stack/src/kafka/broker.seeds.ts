import { createRequire } from 'node:module';
import type { ISocketFactory, KafkaConfig } from 'kafkajs';

const SUFFIX = '.ipv6';
const createSocketFactory = createRequire(import.meta.url)(
  'kafkajs/src/network/socketFactory.js',
) as () => ISocketFactory;
const openSocket = createSocketFactory();

/** No host name has an underscore, so it can stand for a colon. */
const hostOf = (host: string): string =>
  host.endsWith(SUFFIX) ? host.slice(0, -SUFFIX.length).replaceAll('_', ':') : host;

/**
 * As in libs/kafka, which the stack can't import: kafkajs 2.2.4 splits the address of a first broker at its first colon, so
 * that `[::1]:9092` names no host. Such an address gets a name without colons, which the socket translates back. Addresses in
 * the metadata of a broker need none of this.
 */
const seedOf = (address: string): string =>
  address.replace(/^\[(.+)\]:/, (_, host: string) => `${host.replaceAll(':', '_')}${SUFFIX}:`);

/** The part of kafkajs' configuration that names the first brokers. */
export const seedsOf = (addresses: readonly string[]): Pick<KafkaConfig, 'brokers' | 'socketFactory'> => ({
  brokers: addresses.map(seedOf),
  socketFactory: (options) => openSocket({ ...options, host: hostOf(options.host) }),
});
