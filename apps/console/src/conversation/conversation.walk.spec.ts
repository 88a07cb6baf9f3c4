import { jest } from '@jest/globals';
import type { ApiCall } from '../api/api.client.ts';
import { ConversationSample, type PageAnswer } from './conversation.sample.ts';

let conversation: ConversationSample;
/** Runs before each answer of the gateway. */
let beforeAnswer: (call: ApiCall) => void = () => undefined;
/** Resolves once the gateway may answer. */
let turn: () => Promise<void>;
/** Messages of the newest page of an order. */
let newestPage: (sort: unknown) => number;

jest.unstable_mockModule('../api/api.client.ts', () => ({
  callApi: async (call: ApiCall): Promise<PageAnswer> => {
    await turn();
    beforeAnswer(call);
    return conversation.answer(call.path, newestPage(call.query?.['sort']));
  },
}));
jest.unstable_mockModule('./visible.pause.ts', () => ({
  pauseWhileVisible: () => new Promise((resolve) => setTimeout(resolve)),
}));
const { LiveReader } = await import('./live.reader.ts');
const { OrdersReader } = await import('./orders.reader.ts');
const { CausalMemory } = await import('./causal.memory.ts');
const { SORTS } = await import('./order.comparison.ts');
const { WINDOW_MAX } = await import('./page.window.ts');
type Window = InstanceType<typeof LiveReader>['state']['value']['window'];

const ALL = 10_000;
/** Enough to come from the newest page to the first one. The last page is empty, because the one before it is full. */
const PAGES = ALL / 50;
let abort: AbortController;

beforeEach(() => {
  conversation = new ConversationSample();
  conversation.add(ALL);
  beforeAnswer = () => undefined;
  turn = () => Promise.resolve();
  newestPage = () => 50;
  abort = new AbortController();
});
afterEach(() => abort.abort());

interface Reader<State> {
  state: { value: State; subscribe: (listener: () => void) => () => void };
}

/** Resolves once the state of a reader is as wanted. */
const reached = <State>({ state }: Reader<State>, isWanted: (state: State) => boolean): Promise<void> =>
  new Promise((resolve) => {
    if (isWanted(state.value)) return resolve();
    const end = state.subscribe(() => {
      if (!isWanted(state.value)) return;
      end();
      resolve();
    });
  });

/** Resolves once all that waits has had its turn. */
const rested = () => new Promise((resolve) => setTimeout(resolve, 10));

const numbersIn = ({ messages }: Window): number[] => messages.map(({ lamport }) => lamport);
const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, place) => first + place);

/** Adds what came in front, and fails where a window is too long, has a gap, or has a message twice. */
const takeNote = (seen: number[], window: Window): number[] => {
  const numbers = numbersIn(window);
  const [first = 0] = numbers;
  expect(numbers).toEqual(from(first, numbers.length));
  expect(numbers.length).toBeLessThanOrEqual(WINDOW_MAX);
  expect(window.pagesBefore.size).toBeLessThanOrEqual(WINDOW_MAX);
  return [...numbers.filter((number) => number < (seen[0] ?? Infinity)), ...seen];
};

const openReader = async () => {
  const reader = new LiveReader(['alice', 'bob'], new CausalMemory());
  void reader.run(abort.signal);
  await reached(reader, ({ isLoading }) => !isLoading);
  return reader;
};
const openOrders = async () => {
  const orders = new OrdersReader(['alice', 'bob'], abort);
  orders.refresh();
  await reached(orders, ({ isLoading }) => !isLoading);
  return orders;
};

describe('one who reads a conversation of 10,000 messages', () => {
  it('walks back to its first one while messages come, sees each once, keeps 500 and counts the rest', async () => {
    const reader = await openReader();
    let seen = takeNote([], reader.state.value.window);
    for (let page = 0; page < PAGES; page += 1) {
      conversation.add(1);
      await reader.loadOlder(abort.signal);
      seen = takeNote(seen, reader.state.value.window);
    }
    expect(reader.state.value.window.older).toBeUndefined();
    expect(seen.slice(0, ALL)).toEqual(from(0, ALL));
    const { window } = reader.state.value;
    expect(numbersIn(window)).toEqual(from(0, WINDOW_MAX));
    const lacking = conversation.messages.length - WINDOW_MAX;
    await reached(reader, (state) => state.window.lacking === lacking);
    conversation.add(12);
    await reached(reader, (state) => state.window.lacking === lacking + 12);
  });

  it('returns to the newest message, and reads on from there', async () => {
    const reader = await openReader();
    for (let page = 0; page < PAGES; page += 1) await reader.loadOlder(abort.signal);
    reader.returnToNewest();
    await reached(reader, ({ isReturning }) => !isReturning);
    expect(numbersIn(reader.state.value.window)).toEqual(from(ALL - 50, 50));
    conversation.add(3);
    await reached(reader, ({ window }) => window.messages.length > 50);
    expect(numbersIn(reader.state.value.window)).toEqual(from(ALL - 50, 53));
    expect(reader.state.value.window.lacking).toBeUndefined();
  });

  it('returns without a gap while a page of what is newer is being read', async () => {
    const reader = await openReader();
    let isAsked = false;
    beforeAnswer = ({ path }) => {
      if (!path.startsWith('/newer') || isAsked) return;
      isAsked = true;
      conversation.add(200);
      reader.returnToNewest();
    };
    await reached(reader, ({ isReturning }) => isAsked && !isReturning);
    conversation.add(1);
    await reached(reader, ({ window }) => window.messages.at(-1)?.lamport === ALL + 200);
    expect(numbersIn(reader.state.value.window)).toEqual(from(ALL + 150, 51));
  });

  it('does not take the earlier page that comes after the return to the newest', async () => {
    const reader = await openReader();
    for (let page = 0; page < 12; page += 1) await reader.loadOlder(abort.signal);
    let letCome: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (letCome = resolve));
    const { older } = reader.state.value.window;
    turn = () => isHeld;
    const earlier = reader.loadOlder(abort.signal);
    turn = () => Promise.resolve();
    reader.returnToNewest();
    await reached(reader, ({ isReturning }) => !isReturning);
    letCome();
    await earlier;
    expect(older).toBeDefined();
    expect(numbersIn(reader.state.value.window)).toEqual(from(ALL - 50, 50));
  });
});

describe('the three orders of a conversation of 10,000 messages', () => {
  it('are walked back to the first message, each message once, with 500 of each kept and the rest counted', async () => {
    const orders = await openOrders();
    const { state } = orders;
    const seen = Object.fromEntries(SORTS.map((sort) => [sort, takeNote([], state.value.windows[sort])]));
    for (let page = 0; page < PAGES; page += 1) {
      await orders.loadOlder();
      for (const sort of SORTS) seen[sort] = takeNote(seen[sort] ?? [], state.value.windows[sort]);
    }
    for (const sort of SORTS) expect(seen[sort]).toEqual(from(0, ALL));
    conversation.add(120);
    orders.refresh();
    const lacking = ALL - WINDOW_MAX + 120;
    await reached(orders, ({ windows }) => Object.values(windows).every((window) => window.lacking === lacking));
    await orders.returnToNewest();
    expect(numbersIn(orders.state.value.windows.lamport)).toEqual(from(ALL + 70, 50));
    expect(orders.state.value.windows.log.lacking).toBeUndefined();
  });

  it('keep what a person has walked when more than a page comes at once, and count it', async () => {
    const orders = await openOrders();
    await orders.loadOlder();
    conversation.add(130);
    orders.refresh();
    await reached(orders, ({ windows }) => windows.log.lacking === 130);
    expect(numbersIn(orders.state.value.windows.timestamp)).toEqual(from(ALL - 100, 100));
  });

  it('are counted together, also when only one of them has no room for an earlier page', async () => {
    newestPage = (sort) => (sort === 'timestamp' ? 60 : 50);
    const orders = await openOrders();
    const { state } = orders;
    for (let page = 0; page < 9; page += 1) await orders.loadOlder();
    expect(SORTS.map((sort) => state.value.windows[sort].lacking)).toEqual([0, 0, 10]);
    conversation.add(3);
    orders.refresh();
    await reached(orders, ({ windows }) => windows.log.lacking === 3);
    expect(SORTS.map((sort) => state.value.windows[sort].lacking)).toEqual([3, 3, 13]);
  });

  it('take an earlier page and what is new in turn, so that none of either is lost', async () => {
    const orders = await openOrders();
    await rested();
    let letCome: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (letCome = resolve));
    turn = () => isHeld;
    const earlier = orders.loadOlder();
    await Promise.resolve();
    turn = () => Promise.resolve();
    conversation.add(1);
    orders.refresh();
    await rested();
    letCome();
    await earlier;
    await reached(orders, ({ windows }) => windows.log.messages.length === 101);
  });

  it('take an earlier page although new messages come without a pause', async () => {
    const orders = await openOrders();
    const end = orders.state.subscribe(() => {
      conversation.add(1);
      orders.refresh();
    });
    orders.refresh();
    conversation.add(1);
    await reached(orders, ({ windows }) => windows.log.messages.length > 55);
    await orders.loadOlder();
    expect(orders.state.value.windows.log.messages[0]?.lamport).toBe(ALL - 100);
    end();
  });
});
