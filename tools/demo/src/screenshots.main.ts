import { parseArgs } from 'node:util';
import { UsageError } from './demo.errors.ts';
import { claimResults, runProgram } from './program.ts';
import { Story } from './report/story.ts';
import { RunClock } from './run.clock.ts';
import { PICTURE_MAX_BYTES } from './screenshots/picture.ts';
import { runScreenshots } from './screenshots/screenshots.run.ts';
import { stopSignal } from './stop.signal.ts';

const USAGE = `npm run screenshots [-- --out FOLDER]: takes each view of the console, at 1920 and 375 pixels, in both themes

It starts a cluster of its own on free ports, sends 100 messages a second, kills the leader of the metrics workers, an ingest
and a broker, and takes pictures meanwhile. It needs a Chromium (Debian: chromium). Ctrl-C ends it.

  --out FOLDER   the folder for the pictures (docs/images/console)
  --help         prints this text

Exit code: 0 when all pictures are there and small enough for the repository, 1 when one is too large, 2 when one is missing.
`;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: { out: { type: 'string' }, help: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

const signal = stopSignal();

await runProgram('screenshots', signal, async () => {
  const { out = 'docs/images/console', help } = parse(process.argv.slice(2));
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (out === '') throw new UsageError('--out must name a folder');
  claimResults(out);
  const clock = new RunClock();
  const story = new Story(process.stdout, () => clock.now);
  const pictures = await runScreenshots({ clock, story, signal, out });
  const large = pictures.filter(({ bytes }) => bytes > PICTURE_MAX_BYTES);
  for (const { file, bytes } of large)
    story.title(`${file} has ${bytes} bytes; the repository takes ${PICTURE_MAX_BYTES}`, 'bad');
  story.title(`${pictures.length} pictures are in ${out}`, large.length === 0 ? 'good' : 'bad');
  return large.length === 0 ? 0 : 1;
});
