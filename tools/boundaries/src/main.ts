import { parseArgs } from 'node:util';
import { ALLOWED } from './allowed.cases.ts';
import { DIRECTION } from './direction.violations.ts';
import { type Direction, directions } from './directions.ts';
import { EDGE } from './edge.violations.ts';
import { HOME } from './home.violations.ts';
import type { LintCase } from './lint.case.ts';
import { currentProjectRoots, type Lint, workspaceLint } from './lint.ts';
import { SHAPE } from './shape.violations.ts';
import { TYPED } from './typed.violations.ts';

const VIOLATIONS = [...DIRECTION, ...EDGE, ...HOME, ...TYPED, ...SHAPE];

/** What lint did wrong, or `undefined` where it did what it should. */
type Mistake = string | undefined;

/** `refusedBy` is empty for code that lint must allow. */
async function check(lint: Lint, lintCase: LintCase, refusedBy: string): Promise<Mistake> {
  const refusals = (await lint.refusals(lintCase)).join(', ');
  return refusals === refusedBy ? undefined : `found ${refusals || 'nothing'}`;
}

async function checkDirection(lint: Lint, { files }: Direction): Promise<Mistake> {
  const mistakes: string[] = [];
  for (const file of files) {
    const refusals = await lint.refusals(file);
    const asExpected = file.allowed
      ? refusals.length === 0
      : refusals.length === 1 && refusals[0]?.startsWith('@nx/enforce-module-boundaries ');
    if (!asExpected) mistakes.push(`${file.what}: ${refusals.join(', ') || 'not refused'}`);
  }
  return mistakes.length === 0 ? undefined : mistakes.join('; ');
}

class Tally {
  #right = { refused: 0, allowed: 0 };
  #mistakes = 0;

  count(verdict: 'refused' | 'allowed', what: string, mistake: Mistake): void {
    if (mistake === undefined) this.#right[verdict] += 1;
    else this.#mistakes += 1;
    console.log(mistake === undefined ? `${verdict}  ${what}` : `NOT ${verdict}  ${what}: ${mistake}`);
  }

  print(): void {
    console.log(`${this.#right.allowed} allowed as they should be`);
    console.log(`${this.#right.refused} refused, ${this.#mistakes} not refused`);
  }

  get passed(): boolean {
    return this.#mistakes === 0;
  }
}

async function main(): Promise<boolean> {
  const roots = await currentProjectRoots();
  // `--without RULE` turns a rule off, to show that this program notices the loss. Only what that rule refuses is looked at.
  const { values } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });
  const lint = workspaceLint(values);
  const tally = new Tally();
  if (values.without.length > 0) {
    for (const violation of VIOLATIONS.filter(({ refusedBy }) =>
      values.without.some((rule) => refusedBy.includes(rule)),
    ))
      tally.count('refused', violation.what, await check(lint, violation, violation.refusedBy));
    tally.print();
    return tally.passed;
  }
  for (const allowed of ALLOWED) tally.count('allowed', allowed.what, await check(lint, allowed, ''));
  for (const violation of VIOLATIONS) {
    tally.count('refused', violation.what, await check(lint, violation, violation.refusedBy));
  }
  for (const direction of directions(roots)) {
    const from = `${direction.from}${direction.files[0]?.file.endsWith('spec.ts') ? ' in a spec' : ''}`;
    const targets = direction.allowed.join(', ') || 'no project';
    tally.count('refused', `${from} imports more than ${targets}`, await checkDirection(lint, direction));
  }
  for (const root of roots) {
    const warnings = await lint.warnings(`${root}/src/sample.service.ts`);
    tally.count(
      'refused',
      `${root} has a rule that only warns`,
      warnings.length === 0 ? undefined : warnings.join(', '),
    );
  }
  tally.print();
  return tally.passed;
}

process.exit((await main()) ? 0 : 1);
