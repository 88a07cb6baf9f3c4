import { ImagesError } from '../images.errors.ts';
import { isOnPath, runCommand, tryCommand } from './command.run.ts';

test('a command that fails is reported with its code and the end of its output', async () => {
  const failed = runCommand(['sh', '-c', 'echo first; echo last >&2; exit 3'], { within: 10_000 });
  await expect(failed).rejects.toThrow(ImagesError);
  await expect(failed).rejects.toThrow(/ended with code 3:\nfirst\nlast$/);
});

test('a command that takes too long is killed with its children', async () => {
  const late = runCommand(['sh', '-c', 'echo waiting; sleep 600 & wait'], { within: 300 });
  await expect(late).rejects.toThrow(/took longer than 0.3 s:\nwaiting$/);
});

test('a program that is not there is refused by its name', async () => {
  expect(isOnPath('wiber-no-such-program')).toBe(false);
  await expect(tryCommand(['wiber-no-such-program'], { within: 1000 })).rejects.toThrow(
    /^wiber-no-such-program can't be started: /,
  );
});
