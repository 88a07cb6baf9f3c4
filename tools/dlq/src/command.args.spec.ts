import { readCommand } from './command.args.ts';
import { UsageError } from './dlq.errors.ts';

const read = (line: string) => readCommand(line.split(' ').filter(Boolean));

test.each<[string, object]>([
  ['list', { type: 'list', query: '', json: false }],
  ['list --json --reason schema --state all', { type: 'list', query: '?reason=schema&state=all', json: true }],
  ['list --limit 5 --after a+b', { query: '?limit=5&after=a%2Bb' }],
  ['show 3-7', { type: 'show', id: '3-7' }],
  ['replay 3-7', { type: 'replay', id: '3-7', body: {} }],
  ['replay --force 3-7 --as dora', { id: '3-7', as: 'dora', body: { force: true } }],
  ['replay 1-1 --from a --to b --content c', { body: { body: { fromUser: 'a', toUser: 'b', content: 'c' } } }],
  ['discard 3-7 --note spam', { type: 'discard', body: { note: 'spam' } }],
  ['--help', { type: 'help' }],
  ['replay --help', { type: 'help' }],
])('%s is understood', (line, command) => {
  expect(read(line)).toMatchObject(command);
});

test.each([
  '',
  'purge',
  'constructor',
  'list 3-7',
  'list --force',
  'show',
  'show 1-1 2-2',
  'show 1-1 --note x',
  'replay',
  'replay 1-1 --from a',
  'replay 1-1 --from a --to b --content c --body x.json',
  'replay 1-1 --body /nowhere.json',
  'replay 1-1 --force=yes',
  'discard 1-1 --note',
  'discard 1-1 --force',
  'list --limit --reason schema',
])("'%s' is refused in one line", (line) => {
  const wrong = () => read(line);
  expect(wrong).toThrow(UsageError);
  expect(wrong).toThrow(/^[^\n]{20,}$/);
});
