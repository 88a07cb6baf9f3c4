import { ClockBoard, type WatchedClock } from './clock.board.ts';

test('health says nothing of the clock while nobody watches it, and else what it is now', () => {
  const board = new ClockBoard();
  expect(board.shown).toEqual({});
  let state: WatchedClock = 'unknown';
  board.watch(() => state);
  expect(board.shown).toEqual({ clock: 'unknown' });
  state = 'degraded';
  expect(board.shown).toEqual({ clock: 'degraded' });
});
