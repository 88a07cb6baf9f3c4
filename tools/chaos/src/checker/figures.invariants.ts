import { SAMPLE } from '@wiber/contracts';
import type { WindowFigures } from '@wiber/evidence';
import type { Observation } from './observation.ts';
import type { Violation } from './violation.ts';

const broken = (description: string, witness: Violation['witness']): Violation => ({
  invariant: 'windows-equal-recount',
  description,
  witness,
});

/** Names that a recount knows. Workers may count more: what nobody recounts is not compared. */
const RECOUNTED = /^(records|bytes|latency_negative|latency_b\d+|reason_\w+)$/;
const RECOUNTED_SAMPLES = new Set<string>(Object.values(SAMPLE));

/** Compares each window document with the recount, field by field. */
export const checkFigures = ({ workers }: Observation): Violation[] => {
  if (!workers) return [];
  const { windows, recount, uncounted } = workers;
  // While records are left to count, every window of theirs would differ.
  if (uncounted !== undefined) return [broken('not everything was counted in time', { uncounted })];
  const found = new Map(windows.map((window) => [nameOf(window), window]));
  const expected = new Map(recount.map((window) => [nameOf(window), window]));
  const names = new Set([...found.keys(), ...expected.keys()]);
  return [...names].flatMap((window) => {
    const [counted, recounted] = [fieldsOf(found.get(window)), fieldsOf(expected.get(window))];
    const differing = [...new Set([...counted.keys(), ...recounted.keys()])].filter(
      (field) => counted.get(field) !== recounted.get(field),
    );
    if (differing.length === 0) return [];
    const pick = (fields: Map<string, string>) =>
      Object.fromEntries(differing.map((field) => [field, fields.get(field) ?? 'absent']));
    return [broken('a window differs from its recount', { window, counted: pick(counted), recount: pick(recounted) })];
  });
};

const nameOf = ({ stream, span, start, partition }: WindowFigures): string =>
  `${stream} ${span} ${start} of partition ${partition}`;

/** The compared fields as text. */
const fieldsOf = (window: WindowFigures | undefined): Map<string, string> => {
  if (!window) return new Map();
  const counts = Object.entries(window.counts).filter(([name]) => RECOUNTED.test(name));
  const samples = Object.entries(window.samples).filter(([name]) => RECOUNTED_SAMPLES.has(name));
  return new Map([
    ['upTo', String(window.upTo)],
    ...counts.map(([name, count]) => [`counts.${name}`, String(count)] as const),
    ...samples.map(([name, hashes]) => [`samples.${name}`, hashes.join(',')] as const),
  ]);
};
