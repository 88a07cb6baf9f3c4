import { expect, it } from '@jest/globals';
import { firstSuccess, watchProbe } from './probe.loop.ts';
import type { ProbePlan } from './pod.plan.ts';

const PROBE: ProbePlan = { ask: { type: 'tcp' }, periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 2 };

/** Answers in turn; it is over after the last one. `waited` has the seconds between them. */
const scripted = (answers: (boolean | Error)[]) => {
  const waited: number[] = [];
  let place = 0;
  const ask = async () => {
    const one = answers[place]!;
    place += 1;
    if (one instanceof Error) throw one;
    return one;
  };
  const wait = async (seconds: number) => waited.push(seconds);
  return { waited, ports: { ask, wait, isOver: () => place >= answers.length && waited.length >= place } };
};

it('a state changes after one success, or after as many failures in a row as the threshold', async () => {
  const { ports, waited } = scripted([false, true, false, true, false, new Error('refused'), false, true]);
  const changes: boolean[] = [];
  await watchProbe(PROBE, ports, (isRight) => changes.push(isRight));
  expect(changes).toEqual([true, false, true]);
  expect(new Set(waited)).toEqual(new Set([5]));
});

it('a start is given up after as many failures as the threshold', async () => {
  expect(await firstSuccess(PROBE, scripted([false, true]).ports)).toBe(true);
  expect(await firstSuccess(PROBE, scripted([false, false, true]).ports)).toBe(false);
});
