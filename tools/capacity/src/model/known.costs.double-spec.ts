import { join } from 'node:path';
import { costsFrom } from '../bench/bench.costs.ts';
import { readBenchFile } from '../bench/bench.file.ts';
import { INPUTS, type InputName, type PlanInput } from './plan.input.ts';

/** What the tool uses without --bench. */
export const KNOWN_FILE = join(import.meta.dirname, '..', '..', 'measured.json');
export const KNOWN_COSTS = costsFrom(undefined, readBenchFile(KNOWN_FILE));

const defaults = Object.fromEntries(
  (Object.keys(INPUTS) as InputName[]).map((name) => [name, INPUTS[name].default ?? INPUTS[name].from]),
) as unknown as PlanInput;

export const inputOf = (some: Partial<PlanInput>): PlanInput => ({ ...defaults, ...some });
