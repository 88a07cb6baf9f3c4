import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../processes/ports.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('a disk that gets full while the servers are set up ends the start with one line and code 1', async () => {
  const broker = join(temp.path, '.wiber', 'single', 'kafka-1');
  mkdirSync(broker, { recursive: true });
  // Every write to this device fails with ENOSPC.
  symlinkSync('/dev/full', join(broker, 'log4j2.properties'));
  const [port, controllerPort] = await freePorts(2);
  const stack = new StackRun(['servers'], temp.path, {
    MONGO_URI: 'mongodb://127.0.0.1:1/?directConnection=true',
    KAFKA_PORT: String(port),
    KAFKA_CONTROLLER_PORT: String(controllerPort),
  });
  expect(await stack.ended).toBe(1);
  expect(stack.stderr).toMatch(/(^|\n)wiber: a disk is full \(ENOSPC: .*\); free some space, .* and start again\n$/);
  expect(stack.stderr).not.toMatch(/\n {4}at /);
});
