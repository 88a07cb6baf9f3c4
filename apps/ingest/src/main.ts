/** While the modules load nothing is in hand: a signal ends the process as a stop does. Then runApp stops the app. */
const endAtOnce = (): void => process.exit(0);
process.on('SIGTERM', endAtOnce).on('SIGINT', endAtOnce);

// Imported here and not above: what a module imports is loaded before its first line runs.
const { run } = await import('./ingest.process.ts');
await run(endAtOnce);
