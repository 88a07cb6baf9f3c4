import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicRisksOf } from './topic.settings.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What the topic of the messages must be made with, whoever makes it: docs/reference.md. */
const MADE = {
  'message.timestamp.type': 'LogAppendTime',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'compression.type': 'uncompressed',
};

/** The variables of the service `topics`: those of a second file replace those of the first. */
const variablesOf = (files: readonly string[]): Map<string, string> => {
  const found = files.flatMap((file) => {
    const service = /^ {2}topics:\n((?: {4}.*\n|\n)+)/m.exec(read(file))?.[1] ?? '';
    return [...service.matchAll(/^ {6}([A-Z_]+): (.+)$/gm)].map(([, name = '', value = '']) => [name, value] as const);
  });
  return new Map(found);
};

/** The settings with which the command of compose.yaml makes the topic of the messages. */
const composeSettings = (variables: ReadonlyMap<string, string>): Map<string, string> => {
  const script = read('docker/compose.yaml');
  const every = /create\(\) \{[^}]*\}/.exec(script)?.[0] ?? '';
  const own = /^ *create --topic wiber\.messages .*$/m.exec(script)?.[0] ?? '';
  const settings = [...`${every} ${own}`.matchAll(/--config ([\w.]+)=(\S+)/g)];
  const value = (text: string) => text.replace(/^"\$\$(\w+)"$/, (_, name: string) => variables.get(name) ?? '');
  return new Map(settings.map(([, name = '', text = '']) => [name, value(text)]));
};

test.each([
  ['compose.yaml', ['docker/compose.yaml'], 1],
  ['compose.cluster.yaml', ['docker/compose.yaml', 'docker/compose.cluster.yaml'], 3],
])('the topic that %s makes has the settings of the promises, and no risk', (_, files, replicas) => {
  const variables = variablesOf(files);
  const settings = composeSettings(variables);
  expect(Number(variables.get('REPLICAS'))).toBe(replicas);
  expect(Object.fromEntries(settings)).toMatchObject({
    ...MADE,
    'min.insync.replicas': String(Math.min(2, replicas)),
  });
  expect(topicRisksOf(settings, replicas)).toEqual([]);
});

test('the topic that npm start makes has the settings of the promises, and no risk', () => {
  const source = read('tools/stack/src/kafka/kafka.readiness.ts');
  const list = /const TOPIC_CONFIG = \[([^\]]*)\]/.exec(source)?.[1] ?? '';
  const settings = new Map(
    [...list.matchAll(/\{ name: '([^']*)', value: '([^']*)' \}/g)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(Object.fromEntries(settings)).toMatchObject(MADE);
  expect(topicRisksOf(settings, 1)).toEqual([]);
});
