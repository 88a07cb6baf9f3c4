import { AuditedSystem } from './audited-system/audited.system.ts';
import { StoreEditor } from '@wiber/evidence';
import type { Message, StoredMessage } from '@wiber/contracts';

let system: AuditedSystem;
let messages: Message[];
let copy: string;

beforeAll(async () => {
  system = await AuditedSystem.create();
  messages = system.messagesOf(900);
  await system.append(messages);
  await system.append(messages.slice(0, 60));
  const conflict = Buffer.from(JSON.stringify({ ...messages[3], content: 'another body' }));
  await system.appendTo(0, Buffer.from('{ not JSON'), null, conflict);
  await system.settle();
});

beforeEach(() => {
  copy = `${system.env['MONGO_DB']}-copy`;
});

afterAll(() => system.close());

const rebuild = (...args: string[]) => system.run('rebuild', '--to', copy, ...args);

test('a rebuild from the log equals the live collection: both hashes are equal, and the audit of the copy finds nothing', async () => {
  const { code, stdout } = await rebuild('--replace');
  expect(stdout).toContain('963 records in ');
  expect(stdout).toContain(': 900 stored, 60 repeats, 3 dead-lettered, 0 that can');
  const [live, rebuilt] = [...stdout.matchAll(/ {2}([0-9a-f]{64})$/gm)].map(([, hash]) => hash);
  expect(live).toBe(rebuilt);
  expect(stdout).toMatch(/\nequal\n$/);
  expect(code).toBe(0);
  expect(await system.withEnv({ MONGO_DB: copy }).run('audit')).toMatchObject({ code: 0 });
});

test('a target that holds messages is refused without --replace', async () => {
  await rebuild('--replace');
  const { code, stdout, stderr } = await rebuild();
  expect(code).toBe(2);
  expect(stderr).toBe(`rebuild: ${copy}.messages holds messages already; --replace drops them first\n`);
  expect(stdout).toBe('');
  expect((await rebuild('--replace')).code).toBe(0);
});

test('the live database is refused as a target, also in capitals and with --replace', async () => {
  for (const name of [system.env['MONGO_DB']!, system.env['MONGO_DB']!.toUpperCase()]) {
    const { code, stderr } = await system.run('rebuild', '--to', name, '--replace');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'is the live collection; --to names another database, or --to-collection another collection',
    );
  }
  expect(await system.store.estimatedCount()).toBe(900);
});

test('--replace drops only what a rebuild stored: a collection that something else made or added to stays', async () => {
  const other = await StoreEditor.open(system.env['MONGO_URI']!, { database: `${copy}-2`, collection: 'messages' });
  const rebuildOther = () => system.run('rebuild', '--to', `${copy}-2`, '--replace');
  try {
    const document = await system.storedOf(messages[0]!);
    const removeOwn = await other.insert(document);
    const own = await rebuildOther();
    expect(own.stderr).toMatch(
      /^rebuild: \S+ holds documents that no rebuild stored, so --replace does not drop it; .*\n$/,
    );
    expect(own.code).toBe(2);
    await removeOwn();
    expect((await rebuildOther()).code).toBe(0);
    await other.insert({ ...document, messageId: '00000000-0000-4000-8000-000000000000', offset: 1_000_000 });
    const used = await rebuildOther();
    expect(used.stderr).toContain('holds 901 documents, and the rebuild stored 900, so --replace does not drop it');
    expect(used.code).toBe(2);
  } finally {
    await other.drop();
    await other.close();
  }
});

test.each(['dead_letters', 'topics', 'messages.activity'])(
  "%s is Wiber's own: a rebuild into it is refused, and nothing is changed",
  async (name) => {
    const { code, stderr } = await system.run('rebuild', '--to-collection', name, '--replace');
    expect(stderr).toBe(
      `rebuild: ${system.env['MONGO_DB']}.${name} is a name of Wiber's own; ` +
        '--to-collection names a collection of its own for the copy\n',
    );
    expect(code).toBe(2);
    expect((await system.run('audit')).code).toBe(0);
  },
);

type Damage = (document: StoredMessage) => Promise<() => Promise<unknown>>;

const DAMAGES: [string, Damage, string][] = [
  [
    'a document that is gone',
    ({ messageId }) => system.editor.remove(messageId),
    'is not in the live store, and the log has its record',
  ],
  [
    'a content that was changed',
    ({ messageId }) => system.editor.change(messageId, { content: 'forged' }),
    'content is "forged" and must be "message 200 \\"é\\" 🦊"',
  ],
  [
    'a document between two offsets',
    (document) => {
      const messageId = '00000000-0000-4000-8000-000000000000';
      return system.editor.insert({ ...document, messageId, offset: document.offset - 0.5 });
    },
    'is in the live store, and the log has no record of it',
  ],
];

test.each(DAMAGES)('%s is reported as the first difference', async (_what, damage, detail) => {
  const document = await system.storedOf(messages[200]!);
  const repair = await damage(document);
  try {
    const { code, stdout } = await rebuild('--replace');
    expect(code).toBe(1);
    expect(stdout).toContain(`different at 1 places, first ${system.topic}[${document.partition}]@`);
    expect(stdout).toContain(detail);
    const [live, rebuilt] = [...stdout.matchAll(/ {2}([0-9a-f]{64})$/gm)].map(([, hash]) => hash);
    expect(live).not.toBe(rebuilt);
  } finally {
    await repair();
  }
  expect((await rebuild('--replace')).code).toBe(0);
});

test('a repeat whose first record retention has deleted is not compared, and the rest is equal', async () => {
  await system.topicAdmin.dropBefore([20, 20, 20]);
  const { code, stdout } = await rebuild('--replace');
  expect(stdout).toContain('retention has deleted 60 records before the start');
  expect(stdout).toContain('60 repeats of messages from before the start are not compared');
  expect(stdout).toMatch(/\nequal\n$/);
  expect(code).toBe(0);
});
