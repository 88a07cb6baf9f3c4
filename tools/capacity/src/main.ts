import { join } from 'node:path';
import { costsFrom } from './bench/bench.costs.ts';
import { readBenchFile } from './bench/bench.file.ts';
import { UsageError } from './capacity.errors.ts';
import { USAGE, readCommandLine } from './command.line.ts';
import { capacityPlanOf } from './model/capacity.plan.ts';
import type { MeasuredCosts } from './model/measured.costs.ts';
import { SCENARIOS } from './model/scenarios.ts';
import { planJson, planText } from './report/plan.text.ts';
import { markdownOf, scenarioTables } from './report/scenario.tables.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Named as a person finds it from the root of the clone: it is the source of each number of a plan. */
const MEASURED = 'tools/capacity/measured.json';

const readCosts = (bench: string | undefined): MeasuredCosts => {
  const known = { ...readBenchFile(join(ROOT, MEASURED)), file: MEASURED };
  return costsFrom(bench === undefined ? undefined : readBenchFile(bench), known);
};

const run = (): number => {
  const command = readCommandLine(process.argv.slice(2));
  if (command.type === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const costs = readCosts(command.bench);
  if (command.type === 'scenarios') {
    process.stdout.write(`${scenarioTables(SCENARIOS, costs).map(markdownOf).join('\n\n')}\n`);
    return 0;
  }
  const { input, isJson } = command;
  const plan = capacityPlanOf(input, costs);
  const report = { input, costs, plan };
  process.stdout.write(`${isJson ? planJson(report) : planText(report)}\n`);
  return plan.limits.length > 0 ? 1 : 0;
};

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(`capacity: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 2;
}
