import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { deadLetterRecord } from '../produce/dead-letter.producer.ts';
import { maxBytesOf } from './log.record.ts';
import './kafka.client.ts';
import { decodeFetch } from './fetch.answer.ts';
import { fetchAnswer } from './kafkajs.protocol.ts';
import type { FetchedRecord } from './record.batch.ts';

interface Bytes {
  buffer: Buffer;
}
type EncodeBatch = (batch: { records: Bytes[]; firstOffset?: object; lastOffsetDelta?: number }) => Promise<Bytes>;
type EncodeRecord = (record: {
  key: Buffer | null;
  value: Buffer | null;
  headers?: object;
  offsetDelta?: number;
}) => Bytes;

const load = createRequire(import.meta.url);
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0/index.js') as { RecordBatch: EncodeBatch };
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0/index.js') as EncodeRecord;
const Encoder = load('kafkajs/src/protocol/encoder.js') as new () => Bytes & {
  writeBufferInternal(bytes: Buffer): void;
};
const Long = load('kafkajs/src/utils/long.js') as { fromInt: (value: number) => object };

type Header = [name: string, value: Buffer | null];

/** A record's bytes by its specification, https://kafka.apache.org/documentation/#record; kafkajs can't write all headers. */
const recordBytes = (
  headers: Header[],
  { key, value, delta }: { key: Buffer | null; value: Buffer | null; delta: number },
) => {
  const named = headers.flatMap(([name, content]) => [sized(Buffer.from(name)), sized(content)]);
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(delta),
    sized(key),
    sized(value),
    varint(headers.length),
    ...named,
  ]);
  const encoder = new Encoder();
  encoder.writeBufferInternal(Buffer.concat([varint(body.length), body]));
  return encoder;
};

const varint = (value: number): Buffer => {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  const bytes: number[] = [];
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
};

const sized = (bytes: Buffer | null): Buffer => (bytes ? Buffer.concat([varint(bytes.length), bytes]) : varint(-1));

const batchOf = async (records: Bytes[], firstOffset = 0): Promise<Buffer> => {
  const batch = { records, firstOffset: Long.fromInt(firstOffset), lastOffsetDelta: records.length - 1 };
  return (await RecordBatch(batch)).buffer;
};

/** The codec stands in the last three bits of the attributes, https://kafka.apache.org/documentation/#recordbatch */
const withCodec = (batch: Buffer, codec: number, pack: (records: Buffer) => Buffer): Buffer => {
  const head = Buffer.from(batch.subarray(0, 61));
  const packed = pack(batch.subarray(61));
  head.writeInt32BE(49 + packed.length, 8);
  head.writeInt16BE(codec, 21);
  return Buffer.concat([head, packed]);
};

/** An answer of the broker to a fetch, in version 11: the batches of each partition of one topic. */
const answerOf = (...partitions: Buffer[][]): Buffer => {
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const sets = partitions.flatMap((batches, partition) => {
    const records = Buffer.concat(batches);
    const offsets = Buffer.alloc(24);
    return [int(partition), Buffer.alloc(2), offsets, int(0), int(-1), int(records.length), records];
  });
  return Buffer.concat([
    int(0),
    Buffer.alloc(2),
    int(0),
    int(1),
    Buffer.from([0, 1, 0x74]),
    int(partitions.length),
    ...sets,
  ]);
};

const decoded = async (...partitions: Buffer[][]): Promise<FetchedRecord[][]> => {
  const { responses } = await decodeFetch(answerOf(...partitions));
  return responses[0]!.partitions.map(({ messages }) => messages as FetchedRecord[]);
};

const headerNames = fc.oneof(
  fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype), 'wiber-dlq-reason', ''),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((name) => name.isWellFormed()),
);
const bytes = fc.uint8Array({ maxLength: 20 }).map((content) => Buffer.from(content));
const anyHeaders = fc.array(fc.tuple(headerNames, fc.option(bytes)), { maxLength: 12 });

test('a record with any names and values of headers is read exactly, and its dead letter can be sent and has them all', async () => {
  const record = fc.record({ key: fc.option(bytes), value: fc.option(bytes), headers: anyHeaders });
  await fc.assert(
    fc.asyncProperty(record, async ({ key, value, headers }) => {
      const [[read]] = (await decoded([await batchOf([recordBytes(headers, { key, value, delta: 0 })])])) as [
        [FetchedRecord],
      ];
      expect([read.key, read.value]).toEqual([key, value]);
      const wanted = Map.groupBy(headers, ([name]) => name);
      expect(Object.keys(read.headers).sort()).toEqual([...wanted.keys()].sort());
      for (const [name, given] of wanted)
        expect([read.headers[name]].flat()).toEqual(given.map(([, content]) => content));

      const letter = { topic: 't', partition: 0, offset: 0, reason: 'schema', error: '', attempts: 1 } as const;
      const sent = deadLetterRecord({ letter, record: { ...read, offset: 0 } }, { time: 0, instance: 'i' });
      expect(maxBytesOf(sent)).toBeGreaterThan(0);
      const copied = encodeRecord({ ...sent, key: read.key, value: read.value, headers: sent.headers! });
      const [[copy]] = (await decoded([await batchOf([copied])])) as [[FetchedRecord]];
      expect(maxBytesOf(sent)).toBeGreaterThanOrEqual(copied.buffer.length);
      for (const [name, given] of wanted) {
        if (name.startsWith('wiber-dlq-')) continue;
        expect([copy.headers[name]].flat()).toEqual(given.map(([, content]) => content ?? Buffer.alloc(0)));
      }
    }),
  );
});

test('ordinary records are read as kafkajs reads them', async () => {
  const original = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
    decoder: object,
  ) => Promise<object[]>;
  const Decoder = load('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => object;
  const records = [0, 1, 2].map((offsetDelta) =>
    encodeRecord({ key: Buffer.from('k'), value: Buffer.from(`v${offsetDelta}`), headers: { a: 'b' }, offsetDelta }),
  );
  const batch = await batchOf(records, 40);
  const packed = withCodec(await batchOf(records, 43), 1, gzipSync);
  const size = Buffer.alloc(4);
  size.writeInt32BE(batch.length + packed.length);
  const theirs = await original(new Decoder(Buffer.concat([size, batch, packed])));
  const [ours] = await decoded([batch, packed]);
  const plain = ({ magicByte, attributes, timestamp, offset, key, value, isControlRecord, headers }: FetchedRecord) => {
    return { magicByte, attributes, timestamp, offset, key, value, isControlRecord, headers: { ...headers } };
  };
  expect(ours!.map(plain)).toEqual((theirs as FetchedRecord[]).map(plain));
  expect(ours!.map(({ offset }) => offset)).toEqual(['40', '41', '42', '43', '44', '45']);
});

const one = () => encodeRecord({ key: null, value: Buffer.from('v') });

test.each([
  ['a codec that kafkajs lacks', 4, (records: Buffer) => records, /no codec for zstd/],
  ['bytes that are no gzip', 1, () => Buffer.from('no gzip'), /decoded/],
])(
  'a batch with %s is one unreadable record of its partition, and other partitions are read',
  async (_, codec, pack, why) => {
    const bad = withCodec(await batchOf([one(), one()], 7), codec, pack);
    const [broken, whole] = await decoded([bad, await batchOf([one()], 9)], [await batchOf([one()])]);
    expect(broken!.map(({ offset, unreadable }) => [offset, unreadable?.message])).toEqual([
      ['8', expect.stringMatching(why)],
    ]);
    expect(whole!.map(({ value, unreadable }) => [String(value), unreadable])).toEqual([['v', undefined]]);
  },
);

test('the records before an unreadable batch are read first', async () => {
  const bad = withCodec(await batchOf([one()], 2), 2, (records) => records);
  const [records] = await decoded([await batchOf([one(), one()]), bad]);
  expect(records!.map(({ unreadable }) => unreadable)).toEqual([undefined, undefined]);
});

test('a small batch that holds gigabytes when it is decompressed is unreadable, and takes no gigabytes', async () => {
  const huge = withCodec(await batchOf([one()]), 1, () => gzipSync(Buffer.alloc(100 * 1024 * 1024)));
  const [records] = await decoded([huge]);
  expect(records!.map(({ unreadable }) => unreadable?.message)).toEqual([expect.stringContaining('decoded')]);
});

test('a batch of 300,000 records is read', async () => {
  const records = new Array<Bytes>(300_000).fill(one());
  const [read] = await decoded([await batchOf(records)]);
  expect(read).toHaveLength(300_000);
});

test('a record with 100,000 headers is read, each header once', async () => {
  const headers = Array.from({ length: 100_000 }, (_, index): Header => [`h${index}`, null]);
  const [[read]] = (await decoded([await batchOf([recordBytes(headers, { key: null, value: null, delta: 0 })])])) as [
    [FetchedRecord],
  ];
  expect(Object.keys(read.headers)).toHaveLength(100_000);
});

test('a batch that the answer cuts off is left for the next answer', async () => {
  const whole = await batchOf([one()]);
  const cut = (await batchOf([one(), one()], 1)).subarray(0, -1);
  expect((await decoded([whole, cut]))[0]).toHaveLength(1);
  expect((await decoded([cut]))[0]).toEqual([]);
});

test('each consumer of this process reads with this decoder', () => {
  expect(fetchAnswer.decode).toBe(decodeFetch);
});
