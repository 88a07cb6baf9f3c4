// What Nx runs as stack:servers. Nx ends a task's tree from its leaves, so that it would end brokers before the program
// that starts them again; and what is not gone within 5 s it kills. The servers therefore run beside this process, not
// below it: an orphan that ends in order when this process's end of the pipe is closed, whatever closes it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { parentOf } from '../processes/process.table.ts';

const program = [process.execPath, join(import.meta.dirname, '..', 'main.ts'), 'servers', '--json'];
// The program notes its parent when it starts: it must be an orphan by then, so it waits for a line.
const orphan = spawn('/bin/sh', ['-c', '(read go <&3 && exec "$@" <&3 3<&-) &', 'sh', ...program], {
  // Node closes a child's stdin when the child is gone, and this one goes at once.
  stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
});
const stdout = orphan.stdout!;
const pipe = orphan.stdio[3] as Writable;
pipe.on('error', () => undefined);
orphan.once('exit', () => pipe.write('go\n'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => pipe.end());
// Nx may be killed without a word. Between it and this process stands a shell that lives on, so both are watched.
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
const before = ancestors();
setInterval(() => ancestors() !== before && pipe.end(), 300).unref();

let ready = false;
createInterface({ input: stdout }).once('line', (line) => {
  const { kafka, mongoUri } = JSON.parse(line) as { kafka: string[]; mongoUri: string };
  ready = true;
  process.stdout.write(`Kafka ${kafka.join(',')}\nMongoDB ${mongoUri}\n`);
});
// The program and nothing else holds the other end.
stdout.once('close', () => process.exit(ready ? 0 : 1));
