import { endingOf, exitCodeOf } from './exit.code.ts';
import { runProgram } from './program.ts';
import { RunClock } from './run.clock.ts';
import { stopSignal } from './stop.signal.ts';
import { openOnDesktop } from './tour/desktop.ts';
import { enterPacer, timedPacer } from './tour/pacer.ts';
import { TOUR_USAGE, readTourCommandLine } from './tour/tour.command.line.ts';
import { TOUR_PLAN } from './tour/tour.plan.ts';
import { runTour } from './tour/tour.run.ts';

const signal = stopSignal();

await runProgram('demo', signal, async () => {
  const command = readTourCommandLine(process.argv.slice(2), process.stdin.isTTY);
  if (command.type === 'help') {
    process.stdout.write(TOUR_USAGE);
    return 0;
  }
  const { pauseMs, opensBrowser } = command;
  const pacer = pauseMs === undefined ? enterPacer(process.stdin, signal) : timedPacer(pauseMs, signal);
  const openConsole = opensBrowser ? openOnDesktop : () => undefined;
  const clock = new RunClock();
  return exitCodeOf([
    endingOf(await runTour({ clock, out: process.stdout, signal, plan: TOUR_PLAN, pacer, openConsole })),
  ]);
});
