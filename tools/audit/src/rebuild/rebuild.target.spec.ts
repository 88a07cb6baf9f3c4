import { COLLECTION_SUFFIXES, FIXED_COLLECTIONS } from '@wiber/contracts';
import type { LiveSystem } from '../live.system.ts';
import { targetOf } from './rebuild.target.ts';

const LIVE: LiveSystem = {
  brokers: [],
  mongoUri: '',
  topic: 'wiber.messages',
  groupId: 'wiber-consumers',
  shardKey: 'none',
  database: 'wiber',
  collection: 'messages',
  inUseHere: { database: 'Other', collection: 'own.activity' },
};
const read = (collection?: string, database?: string) => () => targetOf(LIVE, { to: { database, collection } });

test('a target is the live database or collection, with the part that is given', () => {
  expect(read('messages_2')()).toEqual({ database: 'wiber', collection: 'messages_2' });
  expect(read(undefined, 'copy')()).toEqual({ database: 'copy', collection: 'messages' });
});

test.each(FIXED_COLLECTIONS)("%s is Wiber's own and refused as a target, in every database", (name) => {
  expect(read(name)).toThrow(`wiber.${name} is a name of Wiber's own`);
  expect(read(name, 'copy')).toThrow(`copy.${name} is a name of Wiber's own`);
});

const OWN = COLLECTION_SUFFIXES.flatMap((suffix) => [`messages${suffix}`, `x${suffix}`]);

test.each(['messages.activity', 'x.activity', 'x.rebuild', ...OWN])(
  '%s is refused: it belongs to a collection',
  (name) => {
    expect(read(name)).toThrow(`wiber.${name} is a name of Wiber's own`);
  },
);

test('what the apps that run here use is refused, also when the environment names another system', () => {
  expect(read('own.activity', 'other')).toThrow('other.own.activity is the live collection');
});

test('a target whose index of activity would be the live collection is refused', () => {
  expect(read('own', 'OTHER')).toThrow('OTHER.own is the live collection');
});

test.each(['', '.x', 'x.', 'a..b', 'a$b', 'é'.repeat(91)])(
  "a collection '%s', which no app takes, is refused",
  (name) => {
    expect(read(name)).toThrow('is not a valid name of a collection');
  },
);

test('the name of a database has at most 63 bytes', () => {
  expect(read(undefined, 'x'.repeat(63))).not.toThrow();
  expect(read(undefined, 'ü'.repeat(63))).toThrow('is not a valid name of a database');
});
