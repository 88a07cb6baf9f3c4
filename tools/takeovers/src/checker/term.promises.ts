import { verdictOf, type RunEvidence, type Verdict } from './run.evidence.ts';

/** The term of the lease only grows, each take has a term of its own, and nobody deletes the lease. */
export const termsGrow = ({ trail }: RunEvidence): Verdict => {
  const broken: string[] = [];
  let last = { term: 0, claim: undefined as string | undefined };
  let looked = 0;
  for (const write of trail) {
    if (write.type !== 'lease') continue;
    looked += 1;
    const { term, claim } = write;
    if (term === undefined) broken.push(`the lease lost its term after the term ${last.term}`);
    else if (term < last.term) broken.push(`the term went back from ${last.term} to ${term}`);
    else if (claim !== undefined && claim !== last.claim && term <= last.term)
      broken.push(`the lease was taken, and its term stayed at ${term}`);
    last = { term: term ?? last.term, claim };
  }
  return verdictOf('terms strictly grow', looked, broken);
};

/** Once the lease has a higher term, no write of a lower one changes anything, in any document. */
export const noLateEffect = ({ trail }: RunEvidence): Verdict => {
  const broken: string[] = [];
  let highest = 0;
  let looked = 0;
  for (const write of trail) {
    if (write.type === 'lease') highest = Math.max(highest, write.term ?? 0);
    else {
      looked += 1;
      const { term, document } = write;
      if (term === undefined) broken.push(`a write to ${document} has no term`);
      else if (term < highest) broken.push(`term ${term} changed ${document} after the term ${highest} had begun`);
      else if (term > highest) broken.push(`term ${term}, which the lease never had, changed ${document}`);
    }
  }
  return verdictOf('no effect after a higher term', looked, broken);
};

/** Each forced takeover is in the lease: its old term, and then its new one. */
export const eachTakenOver = ({ takeovers, planned, stoppedBy, trail }: RunEvidence): Verdict => {
  const terms = new Set(trail.flatMap((write) => (write.type === 'lease' && write.claim ? [write.term] : [])));
  const broken = takeovers.flatMap(({ kind, leader, from, to }, index) => {
    const name = `takeover ${index + 1} (${kind}, ${leader}) after term ${from.term}`;
    if (!to) return [`${name}: nobody took over`];
    if (to.term <= from.term) return [`${name}: the next term is ${to.term}`];
    return terms.has(from.term) && terms.has(to.term) ? [] : [`${name}: the lease never had term ${to.term}`];
  });
  if (takeovers.length < planned)
    broken.push(`only ${takeovers.length} of ${planned} were forced: ${stoppedBy ?? 'nobody took over'}`);
  return verdictOf('each takeover was forced and has a next leader', takeovers.length, broken);
};
