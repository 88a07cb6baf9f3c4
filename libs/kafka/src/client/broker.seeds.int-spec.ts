import { testServers } from '@wiber/harness';
import { createKafka } from './kafka.client.ts';

test.each(['[::ffff:127.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]'])(
  'a broker is reached at an IPv6 address such as %s',
  async (host) => {
    const brokers = testServers().kafka.map((address) => `${host}:${address.split(':')[1]}`);
    const admin = createKafka({ brokers, clientId: 'spec', log: () => undefined }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).toHaveLength(brokers.length);
    await admin.disconnect();
  },
);
