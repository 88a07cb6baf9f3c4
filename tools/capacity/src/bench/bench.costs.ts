import { ASSUMED } from '../model/assumption.ts';
import type { MeasuredCosts, Measurement, MongodCost } from '../model/measured.costs.ts';
import type { BenchCall, BenchFigures, BenchIndex, BenchPoint, BenchSeries } from './bench.file.ts';

const CPU = 'CPU-s for 1,000';
const BYTES = 'bytes a message';

/**
 * The costs that the model takes from the bench.
 * @param given a file of the user's machine; what it lacks is taken from `known`
 * @param known a file that has all figures
 */
export const costsFrom = (given: BenchFigures | undefined, known: BenchFigures): MeasuredCosts => {
  const growing = given?.growth ? given : known;
  const counting = given?.cpu ? given : known;
  if (!growing.growth || !counting.cpu) throw new TypeError(`${known.file} lacks a figure`);
  const { time, random } = growing.growth;
  const { cpu } = counting;
  const of = measuredBy(growing.file);
  const ofCpu = measuredBy(counting.file);
  const gatewayOf = (series: BenchSeries, call: BenchCall) => series.last.calls[call].cost.gatewayCpu;
  return {
    gateway: {
      post: ofCpu('gateway: a send', cpu['gateway-1'], CPU),
      postKeyed: of('gateway: a send with a key', gatewayOf(random, 'post'), CPU),
      userPage: of('gateway: a page of a user', gatewayOf(random, 'user-newest'), CPU),
      conversationPage: of('gateway: a page of a conversation', gatewayOf(random, 'page-by-time'), CPU),
    },
    ingest: ofCpu('ingest: a message', cpu['ingest-1'], CPU),
    metrics: ofCpu('metrics worker: a message', cpu['metrics-1'], CPU),
    broker: ofCpu('broker: a record of one copy', cpu['kafka-1'], CPU),
    mongod: {
      store: storeCost(of, 'a message', time),
      storeKeyed: storeCost(of, 'a message with a key', random),
      userPage: callCost(of, ['a page of a user', 'user-newest'], random),
      conversationPage: callCost(of, ['a page of a conversation', 'page-by-time'], random),
      byId: callCost(of, ['a look-up by id', 'by-id'], random),
    },
    bytes: {
      data: of('the document', perMessage(random.last, random.last.sizes.data), BYTES),
      byPlace: of('index _id_', indexOf(random, '_id_'), BYTES),
      once: of('index message_once, ids in time order', indexOf(time, 'message_once'), BYTES),
      onceKeyed: of('index message_once, ids at random', indexOf(random, 'message_once'), BYTES),
      byTime: of('index conversation_by_time', indexOf(random, 'conversation_by_time'), BYTES),
      // As conversation_by_time it has a number and an id behind the conversation. Files of before it was there lack it.
      byLamport: of('index conversation_by_lamport', lamportOf(random), BYTES),
      byLog: of('index conversation_by_log', indexOf(random, 'conversation_by_log'), BYTES),
    },
    pageBytes: of('a page as JSON', random.last.calls['page-by-time'].answerBytes, 'bytes'),
    cacheRatio: of('indexes of the largest store, of the cache', cacheRatioOf(random.last), ''),
  };
};

type Measure = (name: string, value: number, unit: string) => Measurement;

const measuredBy =
  (file: string): Measure =>
  (name, value, unit) => ({ name, value, unit, source: file });

const perMessage = ({ sizes }: BenchPoint, bytes: number): number => bytes / sizes.messages;

const indexOf = ({ last }: BenchSeries, name: BenchIndex): number => perMessage(last, last.sizes.indexes[name]);

const lamportOf = (series: BenchSeries): number => {
  const { conversation_by_lamport: bytes } = series.last.sizes.indexes;
  return bytes === undefined ? indexOf(series, 'conversation_by_time') : perMessage(series.last, bytes);
};

const cacheRatioOf = ({ sizes }: BenchPoint): number => {
  const indexes = Object.values(sizes.indexes).reduce((sum, bytes) => sum + bytes, sizes.activity);
  return indexes / (ASSUMED.benchCacheGb.value * 2 ** 30);
};

const callCost = (of: Measure, [what, call]: [string, BenchCall], { first, last }: BenchSeries): MongodCost => ({
  warm: of(`mongod: ${what}, all in the cache`, first.calls[call].cost.mongodCpu, CPU),
  measured: of(`mongod: ${what}, largest store`, last.calls[call].cost.mongodCpu, CPU),
  pagesRead: of(`mongod: pages read for ${what}`, last.calls[call].cost.pagesRead, ''),
});

/** Storing is measured alone, by the drain. Its pages are those of the sends, which were stored meanwhile. */
const storeCost = (of: Measure, what: string, { first, last }: BenchSeries): MongodCost => ({
  warm: of(`mongod: ${what} stored, all in the cache`, first.drain.mongodCpu, CPU),
  measured: of(`mongod: ${what} stored, largest store`, last.drain.mongodCpu, CPU),
  pagesRead: of(`mongod: pages read for ${what} stored`, last.calls.post.cost.pagesRead, ''),
});
