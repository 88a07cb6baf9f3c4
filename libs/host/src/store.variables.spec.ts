import { COLLECTION_SUFFIXES, FIXED_COLLECTIONS } from '@wiber/contracts';
import { StartError } from './host.errors.ts';
import { readSettings } from './settings.reader.ts';
import { collectionName, databaseName, readPreference, risksOf, writeConcern } from './store.variables.ts';

const SHAPE = {
  writeConcern: writeConcern('MONGO_WRITE_CONCERN'),
  preference: readPreference('MONGO_READ_PREFERENCE'),
};
const COLLECTION = { collection: collectionName('MONGO_COLLECTION') };
const read = (env: Record<string, string>) => readSettings(env, SHAPE);

test('without settings a majority acknowledges writes, and the primary serves reads', () => {
  expect(read({})).toEqual({ writeConcern: 'majority', preference: { mode: 'primary', tags: {} } });
});

test.each<[string, number | string]>([
  ['majority', 'majority'],
  ['1', 1],
  ['3', 3],
  ['50', 50],
  ['two.sites', 'two.sites'],
])('a write concern of %s is taken', (text, expected) => {
  expect(read({ MONGO_WRITE_CONCERN: text }).writeConcern).toBe(expected);
});

test.each(['0', '-1', '51', '1.5', ' majority', 'a b', '1st'])(
  'a write concern of %j stops the start with one line that says what it takes',
  (text) => {
    const wrong = () => read({ MONGO_WRITE_CONCERN: text });
    expect(wrong).toThrow(StartError);
    expect(wrong).toThrow(/^MONGO_WRITE_CONCERN is '.*'; it takes majority, a number of members from 1 to 50, or /);
  },
);

test.each<[string, { mode: string; tags: Record<string, string> }]>([
  ['secondary', { mode: 'secondary', tags: {} }],
  ['secondaryPreferred:region=east', { mode: 'secondaryPreferred', tags: { region: 'east' } }],
  ['nearest:region=east,use=reads', { mode: 'nearest', tags: { region: 'east', use: 'reads' } }],
])('a read preference of %s is taken', (text, expected) => {
  expect(read({ MONGO_READ_PREFERENCE: text }).preference).toEqual(expected);
});

test.each(['Primary', 'secondary:', 'secondary:east', 'secondary:a=b,', 'secondary:a=b:c=d', 'primary:a=b', 'any'])(
  'a read preference of %j stops the start with one line that says what it takes',
  (text) => {
    const wrong = () => read({ MONGO_READ_PREFERENCE: text });
    expect(wrong).toThrow(StartError);
    expect(wrong).toThrow(/^MONGO_READ_PREFERENCE is '.*'; it takes one of primary, primaryPreferred, secondary, /);
  },
);

test('the defaults have no risk, and each weaker concern has one line that names its variable', () => {
  expect(risksOf({ writeConcern: 'majority', readConcern: 'majority' })).toEqual([]);
  expect(risksOf({ writeConcern: 1, readConcern: 'local' })).toEqual([
    expect.stringMatching(/^MONGO_WRITE_CONCERN is 1, not majority: .*rolled back/),
    expect.stringMatching(/^MONGO_READ_CONCERN is local, not majority: .*roll/),
  ]);
  // Only the replica set knows whether 2 is a majority, or what a name means, so both count as a risk.
  expect(risksOf({ writeConcern: 2, readConcern: 'majority' })).toHaveLength(1);
  expect(risksOf({ writeConcern: 'two.sites', readConcern: 'majority' })).toHaveLength(1);
});

const OWN = COLLECTION_SUFFIXES.map((suffix) => `messages${suffix}`);

test.each(['messages', 'a', 'chat.messages', 'stats', 'my_stats', 'x.stats.y', 'x'.repeat(180), 'dead_letters_2'])(
  'a collection %s is taken',
  (text) => {
    expect(readSettings({ MONGO_COLLECTION: text }, COLLECTION)).toEqual({ collection: text });
  },
);

test.each(['.x', 'x.', 'a..b', 'system.x', 'a$b', ...FIXED_COLLECTIONS, ...OWN, 'x'.repeat(181), 'é'.repeat(91)])(
  'a collection %s, which MongoDB or another collection does not leave free, stops the start with one line',
  (text) => {
    const wrong = () => readSettings({ MONGO_COLLECTION: text }, COLLECTION);
    expect(wrong).toThrow(StartError);
    expect(wrong).toThrow(
      /^MONGO_COLLECTION is '.*'; it takes 1 to 180 bytes .* not one of dead_letters, topics, leases, lease_terms$/,
    );
  },
);

const DATABASE = { database: databaseName('MONGO_DB') };

test.each(['wiber', 'Wiber-2', 'x'.repeat(63), 'ü'.repeat(31), 'local2'])('a database %s is taken', (text) => {
  expect(readSettings({ MONGO_DB: text }, DATABASE)).toEqual({ database: text });
});

test.each(['a.b', 'a b', 'a$', 'x'.repeat(64), 'ü'.repeat(32), 'admin', 'config', 'local', 'Local'])(
  'a database %s, which MongoDB refuses or has for itself, stops the start with one line',
  (text) => {
    const wrong = () => readSettings({ MONGO_DB: text }, DATABASE);
    expect(wrong).toThrow(StartError);
    expect(wrong).toThrow(/^MONGO_DB is '.*'; it takes 1 to 63 bytes .* not one of admin, config, local$/);
  },
);
