import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, it } from '@jest/globals';
import type { Docker } from './docker.engine.ts';
import { labelsOf, removeLeftRuns, removeRun } from './left.runs.ts';
import { ownerOf, ownerText, stateOf, type RunOwner } from './run.owner.ts';

interface Thing {
  kind: 'ps' | 'volume' | 'network';
  name: string;
  run: string;
  owner: string;
}

/** The client of an engine with these things. `refuses`: how often it refuses to remove something. */
const engineWith = (things: Thing[], refuses = 0) => {
  let refused = 0;
  const docker: Docker = async (args) => {
    const kind = args[0] === 'rm' ? 'ps' : (args[0] as Thing['kind']);
    if (args.includes('rm')) {
      if (refused < refuses) {
        refused += 1;
        throw new Error('removal is already in progress');
      }
      const removed = things.filter((one) => one.kind === kind && args.includes(one.name));
      for (const one of removed) things.splice(things.indexOf(one), 1);
      return '';
    }
    const [, run] = args[args.indexOf('--filter') + 1]!.split('wiber.run=');
    const isNamed = args.at(-1)!.includes('Name');
    return things
      .filter((one) => one.kind === kind && (run === undefined || one.run === run))
      .map((one) => (isNamed ? one.name : `${one.run} ${one.owner}`))
      .join('\n');
  };
  const waits: number[] = [];
  return { docker, waits, wait: async (seconds: number) => waits.push(seconds) };
};

const thingsOf = (run: string, owner: RunOwner): Thing[] =>
  (['ps', 'volume', 'network'] as const).map((kind) => ({
    kind,
    name: `${run}-${kind}`,
    run,
    owner: ownerText(owner),
  }));

let lives: RunOwner;
let gone: RunOwner;
beforeAll(async () => {
  lives = ownerOf(process.pid);
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  gone = ownerOf(child.pid!);
  expect(stateOf(ownerText(gone))).toBe('lives');
  child.kill('SIGKILL');
  await once(child, 'exit');
});

it('a process that is gone, also one whose pid another one has, is told from one that lives and one elsewhere', () => {
  expect(stateOf(ownerText(lives))).toBe('lives');
  expect(stateOf(ownerText(gone))).toBe('gone');
  expect(stateOf(ownerText({ ...lives, start: '1' }))).toBe('gone');
  expect(stateOf(ownerText({ ...gone, place: 'another-boot/pid:[1]' }))).toBe('unknown');
  expect(stateOf('')).toBe('unknown');
});

it('a run removes what a run whose process is gone has left, and nothing of one that lives or may live elsewhere', async () => {
  const elsewhere = { ...gone, place: 'another-boot/pid:[1]' };
  const stays = [...thingsOf('wiber-lives', lives), ...thingsOf('wiber-elsewhere', elsewhere)];
  const things = [...thingsOf('wiber-gone', gone), ...stays];
  expect(await removeLeftRuns(engineWith(things))).toEqual(['wiber-gone']);
  expect(things).toEqual(stays);
  expect(await removeLeftRuns(engineWith(things))).toEqual([]);
});

it('what the engine refuses to remove for a moment is asked for again, and what stays is named', async () => {
  const things = thingsOf('wiber-gone', gone);
  const slow = engineWith(things, 2);
  await removeRun(slow, 'wiber-gone');
  expect([things, slow.waits]).toEqual([[], [1, 1]]);
  const stuck = engineWith(thingsOf('wiber-gone', gone), Infinity);
  await expect(removeRun(stuck, 'wiber-gone')).rejects.toThrow(
    'wiber-gone-ps could not be removed (removal is already in progress); docker ps --all --filter label=wiber.run=wiber-gone lists them',
  );
});

it('everything that a run makes has its name and its owner', () => {
  expect(labelsOf('wiber-abc', { place: 'boot/pid:[7]', pid: 12, start: '99' })).toEqual([
    ...['--label', 'wiber.run=wiber-abc'],
    ...['--label', 'wiber.run.owner=boot/pid:[7]/12/99'],
  ]);
});
