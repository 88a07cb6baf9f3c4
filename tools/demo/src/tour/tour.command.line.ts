import { parseArgs } from 'node:util';
import { UsageError } from '../demo.errors.ts';

export type TourCommand =
  | { type: 'help' }
  | {
      type: 'run';
      /** Goes on by itself after so many milliseconds; undefined: at Enter. */
      pauseMs: number | undefined;
      opensBrowser: boolean;
    };

export const TOUR_USAGE = `npm run demo [-- --auto] [--pause SECONDS] [--no-browser]: ten minutes for someone who has never seen Wiber

It starts a cluster of its own on free ports (3 brokers, 3 mongod, 2 gateways, 2 ingest, 2 metrics workers), opens the console, and
leads through it: people send, an ingest is added, then an ingest, the leader, the primary, a broker and a gateway are killed.
Before each step it says what to look at, after it what happened. At the end it looks for every message that was acknowledged.

  --auto            goes on by itself, so it needs no terminal
  --pause SECONDS   how long --auto waits before and after each step (8; from 0 to 600)
  --no-browser      opens no browser; the address of the console is printed
  --help            prints this text

Ctrl-C ends it and removes everything. Exit code: 0 when nothing was lost, doubled or out of order and all is whole again, 1 when
not, 2 when nothing could be shown.
`;

const OPTIONS = {
  auto: { type: 'boolean', default: false },
  pause: { type: 'string' },
  'no-browser': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const PAUSE_S = 8;
const PAUSE_MAX_S = 600;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

const pauseOf = (given: string | undefined): number => {
  const seconds = given === undefined ? PAUSE_S : Number(given);
  if (given?.trim() === '' || !(seconds >= 0 && seconds <= PAUSE_MAX_S))
    throw new UsageError(`--pause is '${given}'; it takes seconds from 0 to ${PAUSE_MAX_S}`);
  return seconds * 1000;
};

/** @param hasTerminal whether somebody can press Enter @throws UsageError */
export const readTourCommandLine = (args: string[], hasTerminal: boolean): TourCommand => {
  const { auto, pause, help, 'no-browser': noBrowser } = parse(args);
  if (help) return { type: 'help' };
  if (pause !== undefined && !auto) throw new UsageError('--pause is for --auto; without it Enter goes on');
  const pauseMs = pauseOf(pause);
  if (!auto && !hasTerminal)
    throw new UsageError('it waits for Enter, and there is no terminal; add --auto (npm run demo -- --auto)');
  return { type: 'run', pauseMs: auto ? pauseMs : undefined, opensBrowser: !auto && !noBrowser };
};
