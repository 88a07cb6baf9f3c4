import { FiguresRefusedError, VainRounds } from './vain.rounds.ts';

const roundsWith = () => {
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  return { pauses, rounds: new VainRounds({ collection: () => 'messages.stats', pause }) };
};

test('a lost race costs no pause: each round that changed something is followed at once, however many there are', async () => {
  const { pauses, rounds } = roundsWith();
  for (let round = 0; round < 500; round += 1) await rounds.passed(`up to ${round}`, undefined);
  expect(pauses).toEqual([]);
});

test('a round that changed nothing is followed after a pause, and ten in a row are a fault that names the index', async () => {
  const { pauses, rounds } = roundsWith();
  const cause = new Error(
    'E11000 duplicate key error collection: w.messages.stats index: message_once dup key: { x: 1 }',
  );
  const turn = async () => {
    for (let round = 0; round < 20; round += 1) await rounds.passed('same', cause);
  };
  await expect(turn()).rejects.toThrow(FiguresRefusedError);
  expect(pauses).toEqual(Array.from({ length: 9 }, () => 100));
  await expect(rounds.passed('same', cause)).rejects.toThrow(
    'messages.stats takes no figures: its unique index message_once refuses them; drop that index',
  );
});
