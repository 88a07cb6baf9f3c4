import { findSystem } from './live.system.ts';

const GIVEN = { KAFKA_BOOTSTRAP_SERVERS: 'a:9092, b:9092', MONGO_URI: 'mongodb://db/' };
const NAMES = ['KAFKA_TOPIC', 'KAFKA_CONSUMER_GROUP', 'MONGO_DB', 'MONGO_COLLECTION'];
const empty = (names: string[]) => Object.fromEntries(names.map((name) => [name, '']));

test('an empty variable is not set, as it is for the apps', () => {
  const system = findSystem(GIVEN, '/nowhere/run.json');
  expect(system).toMatchObject({ brokers: ['a:9092', 'b:9092'], topic: 'wiber.messages', database: 'wiber' });
  expect(findSystem({ ...GIVEN, ...empty(NAMES) }, '/nowhere/run.json')).toEqual(system);
  expect(() => findSystem(empty(Object.keys(GIVEN)), '/nowhere/run.json')).toThrow(
    'nothing runs here; npm start first',
  );
});
