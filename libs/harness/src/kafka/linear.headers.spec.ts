import { createRequire } from 'node:module';
import './kafka.client.ts';

interface Bytes {
  buffer: Buffer;
}

const load = createRequire(import.meta.url);
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => { readVarIntBytes(): Buffer };
const encode = load('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: object) => Bytes;
const decode = load('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as (
  decoder: object,
  batch: object,
) => { headers: object };

const read = (headers: object): object => {
  const { buffer } = encode({ key: null, value: null, headers });
  return decode(new Decoder(new Decoder(buffer).readVarIntBytes()), { firstOffset: '0', firstTimestamp: '0' }).headers;
};

test('a plain client reads headers of any name and number, each once and in its order', () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const headers = Object.fromEntries(names.map((name) => [name, Buffer.from(name)]));
  const shown = read({ ...headers, twice: [Buffer.from('1'), Buffer.from('2'), Buffer.from('3')] });
  expect(Object.entries(shown)).toEqual([
    ...Object.entries(headers),
    ['twice', [Buffer.from('1'), Buffer.from('2'), Buffer.from('3')]],
  ]);
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`h${index}`, Buffer.alloc(0)]));
  expect(Object.keys(read(many))).toHaveLength(100_000);
});
