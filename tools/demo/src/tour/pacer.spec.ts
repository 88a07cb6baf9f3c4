import { PassThrough } from 'node:stream';
import { enterPacer } from './pacer.ts';

test('each Enter is one step, the end of the input goes on to the end, and a signal ends the wait', async () => {
  const input = new PassThrough();
  const stopping = new AbortController();
  const pacer = enterPacer(input, stopping.signal);
  let steps = 0;
  const walk = (async () => {
    for (; steps < 2; steps += 1) await pacer.goOn();
  })();
  input.write('\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(steps).toBe(1);
  input.end();
  await walk;
  expect(steps).toBe(2);

  const other = enterPacer(new PassThrough(), stopping.signal);
  const waiting = other.goOn();
  stopping.abort(new Error('stopped by SIGINT'));
  await expect(waiting).rejects.toThrow();
  other.close();
});
