import { makeResultsFolder } from '@wiber/evidence';
import { DemoError, StoppedError, UsageError } from './demo.errors.ts';

/** Makes the folder for results before anything starts. @throws UsageError when no file can be written there */
export const claimResults = (out: string): void => {
  try {
    makeResultsFolder(out);
  } catch (cause) {
    throw new UsageError(`--out is '${out}', where no file can be written: ${(cause as Error).message}`, { cause });
  }
};

/** Runs a command and ends the process: with its exit code, 130 after a signal, and 2 when it failed, with one line. */
export const runProgram = async (name: string, signal: AbortSignal, run: () => Promise<number>): Promise<never> => {
  try {
    process.exit(await run());
  } catch (error) {
    const stopped = error instanceof StoppedError || signal.aborted;
    const isOurs = error instanceof UsageError || error instanceof DemoError;
    const reason = stopped ? (signal.reason as Error) : (error as Error);
    const text = stopped || isOurs ? reason.message : (reason.stack ?? String(error));
    process.stderr.write(`${name}: ${text}\n`);
    process.exit(stopped ? 130 : 2);
  }
};
