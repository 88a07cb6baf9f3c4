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

/** As in libs/kafka, which this must not use: kafkajs 2.2.4 splits the address of a first broker at its first colon. */
export const seedOf = (address: string): string =>
  address.replace(/^\[(.+)\]:/, (_, host: string) => `${host.replaceAll(':', '_')}${SUFFIX}:`);

/** Opens the socket of an address that `seedOf` made, and of any other. */
export const socketFactory: NonNullable<KafkaConfig['socketFactory']> = (options) =>
  openSocket({ ...options, host: hostOf(options.host) });
