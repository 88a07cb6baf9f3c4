import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImagesError } from '../images.errors.ts';
import { awaitTurn } from './engine.turn.ts';

let folder: string;
let pidFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-turn-'));
  pidFile = join(folder, 'dockerd.pid');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the turn comes when the other engine removes its pid file, also between two looks at it', async () => {
  writeFileSync(pidFile, '17\n');
  const looks: string[] = [];
  const isDockerd = (pid: string) => {
    looks.push(pid);
    rmSync(pidFile);
    return true;
  };
  await awaitTurn(pidFile, { isDockerd, withinMs: 60_000 });
  expect(looks).toEqual(['17']);
});

test('without a pid file the turn is at once, and one of a process that is no dockerd is removed', async () => {
  await awaitTurn(pidFile, { isDockerd: () => true, withinMs: 0 });
  writeFileSync(pidFile, '17');
  await awaitTurn(pidFile, { isDockerd: () => false, withinMs: 0 });
  expect(existsSync(pidFile)).toBe(false);
});

test('an engine that goes on is named, with what to do', async () => {
  writeFileSync(pidFile, '17');
  const waiting = awaitTurn(pidFile, { isDockerd: () => true, withinMs: -1 });
  await expect(waiting).rejects.toThrow(ImagesError);
  await expect(waiting).rejects.toThrow(`another dockerd, pid 17, has ${folder}; end it, or set another WIBER_CACHE`);
});
