import { CollectionWatch } from './collection.watch.ts';
import { StoreUnavailableError } from './connection/mongo.errors.ts';

/** A watch over collections that the test drops, at a time that it sets. */
const watching = () => {
  const state = {
    time: 0,
    uuids: new Map([
      ['messages', '1'],
      ['messages.activity', '2'],
    ]),
    looks: 0,
    made: 0,
    fails: false,
  };
  const lost: string[][] = [];
  const watch = new CollectionWatch({
    identities: async () => {
      state.looks += 1;
      return new Map(state.uuids);
    },
    make: async () => {
      if (state.fails) throw new Error('duplicates');
      state.made += 1;
    },
    onLost: (names) => void lost.push(names),
    now: () => state.time,
  });
  return { state, lost, watch };
};

test('a collection that was dropped, or made again by an insert, is said and made with its indexes, once', async () => {
  const { state, lost, watch } = watching();
  await watch.look({});
  state.uuids.set('messages', '7').delete('messages.activity');
  state.time = 5000;
  expect(await watch.look({})).toEqual(['messages', 'messages.activity']);
  state.time = 10_000;
  expect(await watch.look({})).toEqual([]);
  expect([state.made, lost]).toEqual([1, [['messages', 'messages.activity']]]);
});

test('a busy writer looks every 5 s, not at each write', async () => {
  const { state, watch } = watching();
  for (let write = 0; write < 1000; write += 1) await watch.look({});
  expect(state.looks).toBe(1);
});

test('while a lost collection can not be made again nothing is written, and it is tried again', async () => {
  const { state, watch } = watching();
  await watch.look({});
  state.uuids.clear();
  state.time = 5000;
  state.fails = true;
  await expect(watch.look({})).rejects.toThrow(StoreUnavailableError);
  state.fails = false;
  expect(await watch.look({})).toEqual(['messages', 'messages.activity']);
});

test('of many writes at once one looks', async () => {
  const { state, watch } = watching();
  await Promise.all(Array.from({ length: 20 }, () => watch.look({})));
  expect(state.looks).toBe(1);
});
