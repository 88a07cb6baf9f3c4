/** Preloaded into each tool. */

// The reader of its output may end first, as `head -1` does; then its last lines go nowhere.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// Thrown in a timer or a stream. Node would exit with 1, which is a finding of the tool about the examined system.
process.on('uncaughtException', (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(2);
});
