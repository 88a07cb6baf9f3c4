import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { INTERNALS, READ_VERSION } from './kafkajs.internals.ts';

const require = createRequire(import.meta.url);
const hashOf = (file: string) =>
  createHash('sha256')
    .update(readFileSync(require.resolve(file)))
    .digest('hex');

test('kafkajs is the version whose inside was read', () => {
  expect((require('kafkajs/package.json') as { version: string }).version).toBe(READ_VERSION);
});

/** The files that libs/kafka changes or relies on. Read the new file before its hash is changed here. */
const READ: readonly [file: string, why: string, sha256: string][] = [
  [INTERNALS.requestQueue, 'its clock and its timers are replaced', 'b55986089c14f8f7'],
  ['kafkajs/src/network/requestQueue/socketRequest.js', 'a request knows its time-out', 'dde28f8e26c6d17f'],
  [INTERNALS.brokerPool, 'the age of metadata is replaced', '9994863e891ac2ab'],
  [INTERNALS.consumerGroup, 'the time of the next heartbeat is replaced', 'f3e461738585a8dc'],
  ['kafkajs/src/producer/sendMessages.js', 'a send for one partition resolves with its answer', '8a120e6993955e04'],
  ['kafkajs/src/consumer/index.js', 'it disconnects before it says that it crashed', 'cdf5b3d7c67364b2'],
  ['kafkajs/src/consumer/runner.js', 'it emits REBALANCING and joins again by itself', 'fad3247df2e3ba48'],
  [INTERNALS.batch, 'it leaves out control records and aborted transactions', '04ee865724744159'],
  ['kafkajs/src/index.js', 'a client makes clusters with its own settings', '38d0022e448f0aaa'],
  [INTERNALS.cluster, 'it knows the leaders, and connects to each; it asks those there are', '3831a6845e4e9fb0'],
  ['kafkajs/src/broker/index.js', 'a fetch asks one broker for several partitions', '9cbea8898528c439'],
  [
    'kafkajs/src/network/connectionPool.js',
    'it sends any request that has an encoder and a decoder',
    'ecba4ba6fc4f2a6e',
  ],
  ['kafkajs/src/protocol/requests/produce/index.js', 'its requests are written by us', '789abc7e1c33a99e'],
  ['kafkajs/src/protocol/requests/produce/v3/request.js', 'its bytes are ours', '993a3db997827088'],
  ['kafkajs/src/protocol/recordBatch/v0/index.js', 'its bytes are ours', '6d6b63a8959ff0b9'],
  ['kafkajs/src/protocol/recordBatch/record/v0/index.js', 'its bytes are ours', 'ffbc628c1f35f5de'],
  [
    'kafkajs/src/protocol/requests/metadata/index.js',
    'its answers and requests are replaced where no topic is named',
    '9db984ef0bbcd73a',
  ],
  [
    'kafkajs/src/protocol/requests/metadata/v4/request.js',
    'its bytes are ours where no topic is named',
    'af3aca9a38934b28',
  ],
  ['kafkajs/src/utils/shuffle.js', 'a list of no topics stays the same object', 'dc15861f6c700863'],
  [
    'kafkajs/src/protocol/requests/metadata/v0/response.js',
    'one partition without a leader fails the answer',
    '9a1cbcfd0ac174b2',
  ],
  [
    'kafkajs/src/consumer/offsetManager/index.js',
    'it asks again for an offset that it did not get',
    'bd1041968ae32232',
  ],
  ['kafkajs/src/consumer/offsetManager/initializeConsumerOffsets.js', 'a topic needs an entry', 'f90f5a6d501a8b89'],
  ['kafkajs/src/protocol/requests/index.js', 'it asks for the protocol at each call', 'fd26a30565d7f0c1'],
  ['kafkajs/src/producer/partitioners/default/murmur2.js', 'its hash is ours', '82c3a52a692c32b2'],
  [INTERNALS.saslAuthenticator, 'a login that fails closes its connection', '535765470e117239'],
  [INTERNALS.plain, 'it logs in', '291dac5bdde12c4c'],
  [INTERNALS.scram256, 'it logs in', 'cdbc147ee965aefd'],
  [INTERNALS.scram512, 'it logs in', '7a7ce87c7b68ffb8'],
  ['kafkajs/src/broker/saslAuthenticator/scram.js', 'it keeps only the message of a failure', 'f85d2cfe3c99d14a'],
  ['kafkajs/src/network/connection.js', 'a connection waits for its requests before it closes', '2a993b2e74421ca6'],
];

test.each(READ)('%s is the file that was read: %s', (file, _, sha256) => {
  expect(hashOf(file).slice(0, 16)).toBe(sha256);
});
