// The Nx target stack:servers. Nx ends the processes of a target from the leaves of their tree: it would end the brokers before
// the supervisor, which would start them again. It also kills what still runs after 5 s. So the servers do not run below this
// process. They run as an orphan beside it, which ends in order when this process closes its end of a pipe, or dies.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { printableUri } from '../printable.uri.ts';
import { ancestors } from '../processes/process.table.ts';

const ANCESTOR_CHECK_MS = 300;
const program = [process.execPath, join(import.meta.dirname, '..', 'main.ts'), 'servers', '--json'];
// The program remembers its parent when it starts, so it must already be an orphan then. The shell waits for a line from here.
const shell = spawn('/bin/sh', ['-c', '(read go <&3 && exec "$@" <&3 3<&-) &', 'sh', ...program], {
  // The pipe is the fourth stream, because Node closes stdin when the child ends, and this shell ends at once.
  stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
});
const stdout = shell.stdout!;
const pipe = shell.stdio[3] as Writable;
pipe.on('error', () => undefined);
shell.once('exit', () => pipe.write('go\n'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => pipe.end());
// Nx may be killed. A shell between Nx and this process would live on, so the grandparent is checked too.
const ancestorsAtStart = ancestors();
setInterval(() => ancestors() !== ancestorsAtStart && pipe.end(), ANCESTOR_CHECK_MS).unref();

let ready = false;
createInterface({ input: stdout }).once('line', (line) => {
  const { kafka, mongoUri } = JSON.parse(line) as { kafka: string[]; mongoUri: string };
  ready = true;
  process.stdout.write(`Kafka ${kafka.join(',')}\nMongoDB ${printableUri(mongoUri)}\n`);
});
// Only the program has the other end of stdout: it closes when the program has ended.
stdout.once('close', () => process.exit(ready ? 0 : 1));
