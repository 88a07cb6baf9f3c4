import { shortlyLeaderless } from './leaderless.promise.ts';
import type { RunEvidence, Verdict } from './run.evidence.ts';
import { eachTakenOver, noLateEffect, termsGrow } from './term.promises.ts';
import { windowsEqualRecount } from './window.promise.ts';

const PROMISES = [eachTakenOver, termsGrow, noLateEffect, windowsEqualRecount, shortlyLeaderless];

/** Judges a run by what it left behind; no worker's belief is asked. */
export const check = (evidence: RunEvidence): Verdict[] => PROMISES.map((promise) => promise(evidence));
