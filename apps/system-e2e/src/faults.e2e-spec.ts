import { AppProcess, freshSystem, type AppName } from '@wiber/harness';

/** Node options that load code before the app: on SIGUSR2 it fails where no code catches the error. */
const failOnSignal = (code: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${code} })`)}`;

const REJECT = "Promise.reject(new Error('uncaught'))";
const THROW = "setTimeout(() => { throw new Error('uncaught') })";

test.each<[AppName, string, string]>([
  ['gateway', 'unhandledRejection', REJECT],
  ['gateway', 'uncaughtException', THROW],
  ['ingest', 'unhandledRejection', REJECT],
  ['ingest', 'uncaughtException', THROW],
  ['metrics', 'unhandledRejection', REJECT],
  ['metrics', 'uncaughtException', THROW],
])('%s logs an %s and ends with code 1', async (name, fault, code) => {
  const app = await AppProcess.start(name, { ...(await freshSystem()), NODE_OPTIONS: failOnSignal(code) });
  expect(await app.end('SIGUSR2')).toBe(1);
  const line = app.output.split('\n').find((one) => one.includes(`"fault":"${fault}"`));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 60, error: { message: 'uncaught' } });
});
