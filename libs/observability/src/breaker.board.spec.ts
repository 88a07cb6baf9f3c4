import { register } from 'prom-client';
import { BreakerBoard, type WatchedBreaker } from './breaker.board.ts';

beforeEach(() => register.clear());

const reading: WatchedBreaker = { name: 'mongodb-read', state: 'half-open', openings: 2, rejections: 30 };

test('a scrape shows the breakers as they are then, and counts nothing twice', async () => {
  const board = new BreakerBoard();
  const lanes: WatchedBreaker[] = [];
  board.watch(() => [reading]);
  board.watch(() => lanes);
  await register.metrics();
  lanes.push({ name: 'produce-0', state: 'open', openings: 1, rejections: 0 });
  const lines = (await register.metrics()).split('\n').filter((line) => line.startsWith('wiber_'));
  expect(lines).toEqual([
    'wiber_breaker_state{breaker="mongodb-read"} 1',
    'wiber_breaker_state{breaker="produce-0"} 2',
    'wiber_breaker_openings_total{breaker="mongodb-read"} 2',
    'wiber_breaker_openings_total{breaker="produce-0"} 1',
    'wiber_breaker_rejections_total{breaker="mongodb-read"} 30',
    'wiber_breaker_rejections_total{breaker="produce-0"} 0',
  ]);
  expect(board.states).toEqual({ 'mongodb-read': 'half-open', 'produce-0': 'open' });
});

test('a process without breakers shows none', async () => {
  expect(new BreakerBoard().states).toEqual({});
});
