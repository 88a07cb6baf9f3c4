import { homedir } from 'node:os';
import { STACK_SETTINGS, readSetting, type StackSetting } from './stack.env.ts';
import { StackError } from './stack.errors.ts';

const { cache, kafkaPort, mongodCacheGb, operatorToken, partitions } = STACK_SETTINGS;
const settings: StackSetting<unknown>[] = Object.values(STACK_SETTINGS);

test.each(['abc', '0', '-3', '6.5', ''])("KAFKA_PARTITIONS='%s' is refused in one line", (text) => {
  expect(() => readSetting(partitions, { KAFKA_PARTITIONS: text })).toThrow(StackError);
  expect(() => readSetting(partitions, { KAFKA_PARTITIONS: text })).toThrow(
    `KAFKA_PARTITIONS is '${text}'; it takes a whole number from 1 to 9999`,
  );
});

test('a topic gets six partitions when no number is set', () => {
  expect(readSetting(partitions, {})).toBe(6);
  expect(readSetting(partitions, { KAFKA_PARTITIONS: '12' })).toBe(12);
});

test.each(['', '0', '65536', '80.5', 'http'])(
  "KAFKA_PORT='%s' is refused in one line that names the variable",
  (text) => {
    expect(() => readSetting(kafkaPort, { KAFKA_PORT: text })).toThrow(/^KAFKA_PORT is '.*'; it takes a whole number/);
  },
);

test.each(['', '0.2', '10001', '1e3', 'big'])("MONGOD_CACHE_GB='%s' is refused in one line", (text) => {
  expect(() => readSetting(mongodCacheGb, { MONGOD_CACHE_GB: text })).toThrow('it takes a number from 0.25 to 10000');
});

test('a part of a GB is accepted for the cache', () => {
  expect(readSetting(mongodCacheGb, { MONGOD_CACHE_GB: '0.25' })).toBe(0.25);
});

test('an empty text counts as not set', () => {
  expect(readSetting(cache, { WIBER_CACHE: '' })).toBe(`${homedir()}/.cache/wiber`);
  expect(readSetting(operatorToken, { OPERATOR_TOKEN: '' })).toBe('');
});

test('every variable is described once, and its default is a value that it accepts', () => {
  expect(new Set(settings.map(({ variable }) => variable)).size).toBe(settings.length);
  for (const { variable, about, takes, read, default: value } of settings) {
    expect(variable).toMatch(/^[A-Z][A-Z_]+$/);
    expect(about).toMatch(/^[A-Z].*\.$/);
    expect(takes).not.toBe('');
    expect(read(String(value))).toBe(value);
  }
});
