import { parseArgs } from 'node:util';
import { ALLOWED } from './allowed.cases.ts';
import { DIRECTION } from './direction.violations.ts';
import { type Direction, directions } from './directions.ts';
import { HOME } from './home.violations.ts';
import { currentProjectRoots, type Lint, workspaceLint } from './lint.ts';
import type { Planted } from './lint.case.ts';
import { SHAPE } from './shape.violations.ts';
import { TYPED } from './typed.violations.ts';

/** `undefined` when all is as it should be, else what was found instead. */
type Finding = string | undefined;

async function judge(lint: Lint, planted: Planted): Promise<Finding> {
  const refusals = await lint.refusals(planted);
  return refusals.join(', ') === (planted.refusedBy ?? '') ? undefined : `found ${refusals.join(', ') || 'nothing'}`;
}

async function judgeDirection(lint: Lint, { files }: Direction): Promise<Finding> {
  const wrong: string[] = [];
  for (const each of files) {
    const refusals = await lint.refusals(each);
    const asExpected = each.allowed
      ? refusals.length === 0
      : refusals.length === 1 && refusals[0]?.startsWith('@nx/enforce-module-boundaries ');
    if (!asExpected) wrong.push(`${each.what}: ${refusals.join(', ') || 'not refused'}`);
  }
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

class Tally {
  #held = { refused: 0, allowed: 0 };
  #failed = 0;

  note(verdict: 'refused' | 'allowed', what: string, finding: Finding): void {
    if (finding === undefined) this.#held[verdict] += 1;
    else this.#failed += 1;
    console.log(finding === undefined ? `${verdict}  ${what}` : `NOT ${verdict}  ${what}: ${finding}`);
  }

  /** Prints the closing line; true when everything held. */
  close(): boolean {
    console.log(`${this.#held.allowed} allowed as they should be`);
    console.log(`${this.#held.refused} refused, ${this.#failed} not refused`);
    return this.#failed === 0;
  }
}

async function main(): Promise<boolean> {
  const roots = await currentProjectRoots();
  // `--without RULE` lints as if the rule were lost: it shows that this program would notice.
  const { values } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });
  const lint = workspaceLint(values);
  const tally = new Tally();
  for (const planted of [...ALLOWED, ...DIRECTION, ...HOME, ...TYPED, ...SHAPE]) {
    tally.note(planted.refusedBy === undefined ? 'allowed' : 'refused', planted.what, await judge(lint, planted));
  }
  for (const direction of directions(roots)) {
    const from = `${direction.from}${direction.files[0]?.file.endsWith('spec.ts') ? ' in a spec' : ''}`;
    const reach = direction.allowed.join(', ') || 'no project';
    tally.note('refused', `${from} beyond ${reach}`, await judgeDirection(lint, direction));
  }
  for (const root of roots) {
    const warnings = await lint.warnings(`${root}/src/planted.service.ts`);
    tally.note('refused', `${root} a rule that only warns`, warnings.length === 0 ? undefined : warnings.join(', '));
  }
  return tally.close();
}

process.exit((await main()) ? 0 : 1);
