import { readTourCommandLine } from './tour.command.line.ts';

test('with a terminal it goes on at Enter and opens the browser; with --auto it needs no terminal and opens none', () => {
  expect(readTourCommandLine([], true)).toEqual({ type: 'run', pauseMs: undefined, opensBrowser: true });
  expect(readTourCommandLine(['--no-browser'], true)).toMatchObject({ opensBrowser: false });
  expect(readTourCommandLine(['--auto'], false)).toEqual({ type: 'run', pauseMs: 8000, opensBrowser: false });
  expect(readTourCommandLine(['--auto', '--pause', '0.5'], false)).toMatchObject({ pauseMs: 500 });
  expect(readTourCommandLine(['--help'], false)).toEqual({ type: 'help' });
});

test.each([
  [[], 'there is no terminal; add --auto'],
  [['--auto', '--pause', 'x'], "--pause is 'x'; it takes seconds from 0 to 600"],
  [['--auto', '--pause', ''], "--pause is ''; it takes seconds from 0 to 600"],
  [['--auto', '--pause', '601'], "--pause is '601'"],
  [['--pause', '3'], '--pause is for --auto'],
  [['--fast'], "Unknown option '--fast'"],
])('%j without a terminal is refused with one sentence', (args, text) => {
  expect(() => readTourCommandLine(args, false)).toThrow(text);
});
