import { join } from 'node:path';
import { TempFolder } from '../spec-support/temp.folder.ts';
import type { ServerOptions } from './server.options.ts';
import { startBytes } from './server.nodes.ts';

const MIB = 1024 ** 2;
const GIVEN = ['KAFKA_BOOTSTRAP_SERVERS', 'MONGO_URI'];

let temp: TempFolder;
let before: (string | undefined)[];
beforeEach(() => {
  temp = new TempFolder();
  before = GIVEN.map((name) => process.env[name]);
  for (const name of GIVEN) delete process.env[name];
});
afterEach(() => {
  GIVEN.forEach((name, index) => {
    if (before[index] === undefined) delete process.env[name];
    else process.env[name] = before[index];
  });
  temp.remove();
});

const optionsOf = (brokers: number, mongod: number): ServerOptions => {
  return {
    brokers,
    mongod,
    ephemeral: false,
    links: false,
    secure: false,
    smallDisks: [],
    clocks: new Map(),
    settableClocks: [],
  };
};
const writeKafka = (layout: string, id: number) => temp.write(join(layout, `kafka-${id}`, 'data/meta.properties'), '');
const writeMongo = (layout: string, id: number) => temp.write(join(layout, `mongo-${id}`, 'data/WiredTiger'), '');
const bytesOf = (options = optionsOf(1, 1)) => startBytes(options, temp.path) / MIB;

test('a start whose data are there asks for no space for new data', () => {
  writeKafka('single', 1);
  writeMongo('single', 1);
  expect(bytesOf()).toBe(128);
});

test('a start asks for the space of new data when one of its servers has none yet', () => {
  expect(bytesOf()).toBe(512);
  writeKafka('single', 1);
  // An earlier start made the folder, and ended before mongod wrote into it.
  temp.write('single/mongo-1/data/.keep', '');
  expect(bytesOf()).toBe(512);
  writeMongo('single', 1);
  expect(bytesOf(optionsOf(3, 3))).toBe(512);
  for (const id of [1, 2, 3]) writeKafka('cluster-3-3', id);
  for (const id of [1, 2]) writeMongo('cluster-3-3', id);
  expect(bytesOf(optionsOf(3, 3))).toBe(512);
  writeMongo('cluster-3-3', 3);
  expect(bytesOf(optionsOf(3, 3))).toBe(128);
});

test('servers that run elsewhere need no space here', () => {
  process.env['KAFKA_BOOTSTRAP_SERVERS'] = '127.0.0.1:1';
  expect(bytesOf()).toBe(512);
  process.env['MONGO_URI'] = 'mongodb://127.0.0.1:1';
  expect(bytesOf()).toBe(128);
});
