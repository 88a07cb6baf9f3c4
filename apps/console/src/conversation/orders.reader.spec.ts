import { jest } from '@jest/globals';
import type { Message } from '@wiber/contracts';
import type { ApiCall } from '../api/api.client.ts';
import { ApiProblem } from '../api/api.problem.ts';

const calls: ApiCall[] = [];
let answer: (call: ApiCall) => Message[] = () => [];
let links: (call: ApiCall) => Record<string, string> = () => ({});

jest.unstable_mockModule('../api/api.client.ts', () => ({
  callApi: (call: ApiCall) => {
    calls.push(call);
    return new Promise((resolve) => resolve({ data: answer(call), headers: new Headers(links(call)) }));
  },
}));
jest.unstable_mockModule('./visible.pause.ts', () => ({
  pauseWhileVisible: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms === 300 ? 5 : 0)),
}));
const { OrdersReader } = await import('./orders.reader.ts');
const { CausalMemory } = await import('./causal.memory.ts');

const messages = (ids: string): Message[] => [...ids].map((messageId) => ({ messageId }) as Message);
const readerOf = () => new OrdersReader(['alice', 'bob'], new AbortController());
/** Resolves with the next state. */
const nextState = (reader: InstanceType<typeof OrdersReader>) =>
  new Promise<typeof reader.state.value>((resolve) => {
    const end = reader.state.subscribe(() => {
      end();
      resolve(reader.state.value);
    });
  });

beforeEach(() => {
  calls.length = 0;
});

describe('the three orders of a conversation', () => {
  it('are each asked of the gateway and shown as it gives them, all at once', async () => {
    const ORDERS: Record<string, string> = { log: 'cba', lamport: 'cab', timestamp: 'bca' };
    answer = ({ query }) => messages(ORDERS[String(query?.['sort'])] ?? '');
    const reader = readerOf();
    reader.refresh();
    const { windows } = await nextState(reader);
    const shown = Object.entries(windows).map(([sort, window]) => [
      sort,
      window.messages.map((one) => one.messageId).join(''),
    ]);
    expect(shown).toEqual([
      ['log', 'abc'],
      ['lamport', 'bac'],
      ['timestamp', 'acb'],
    ]);
  });

  it('are read once more, and no oftener, for all that came while they were read', async () => {
    answer = () => messages('a');
    const reader = readerOf();
    for (let at = 0; at < 20; at += 1) reader.refresh();
    await nextState(reader);
    for (let at = 0; at < 20; at += 1) reader.refresh();
    await nextState(reader);
    expect(calls.length).toBe(6);
  });

  it('take earlier pages and new messages in turn, so that none of either is lost', async () => {
    const pages: Record<string, string> = { '/older': 'ba' };
    let newest = 'dc';
    answer = ({ path }) => messages(pages[path] ?? newest);
    links = ({ path }): Record<string, string> => (path === '/older' ? {} : { Link: '</older>; rel="next"' });
    const reader = readerOf();
    reader.refresh();
    await nextState(reader);
    newest = 'ed';
    const older = reader.loadOlder();
    reader.refresh();
    await older;
    while (reader.state.value.windows.log.messages.length < 5) await nextState(reader);
    expect(reader.state.value.windows.log.messages.map(({ messageId }) => messageId).join('')).toBe('abcde');
    links = () => ({});
  });

  it('show what each side has seen', async () => {
    answer = () => messages('a');
    const [reader, seen] = [readerOf(), new CausalMemory()];
    seen.take(new Headers({ 'Causal-Token': '68b3f2a100000001-2a' }));
    reader.refresh(seen);
    await nextState(reader);
    expect(calls.map(({ headers }) => headers?.['Causal-Token'])).toEqual(Array(3).fill('68b3f2a100000001-2a'));
  });

  it('stay as they are while one of them can not be read, and are read again by themselves', async () => {
    answer = () => messages('a');
    const reader = readerOf();
    reader.refresh();
    const { windows } = await nextState(reader);
    answer = ({ query }) => {
      if (query?.['sort'] !== 'lamport') return messages('ba');
      throw new ApiProblem({ code: 'store_unavailable', title: 't', detail: 'd', status: 503 });
    };
    reader.refresh();
    expect(await nextState(reader)).toMatchObject({ windows, problem: { code: 'store_unavailable' } });
    answer = () => messages('ba');
    const { windows: after, problem } = await nextState(reader);
    expect([after.log.messages.length, problem]).toEqual([2, undefined]);
  });
});
