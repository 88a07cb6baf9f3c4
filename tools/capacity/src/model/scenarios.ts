import type { PlanInput } from './plan.input.ts';
import { INPUTS, type InputName } from './plan.input.ts';

export interface Scenario {
  name: string;
  input: PlanInput;
}

const defaults = Object.fromEntries(
  (Object.keys(INPUTS) as InputName[]).map((name) => [name, INPUTS[name].default]),
) as unknown as PlanInput;

const scenario = (name: string, input: Partial<PlanInput> & Pick<PlanInput, 'users' | 'days'>): Scenario => ({
  name,
  input: { ...defaults, messagesPerDay: 40, logDays: input.days, ...input },
});

const SMALL = { diskGb: 1000, cacheGb: 8, cores: 8 };

/** The sizes of docs/scaling.md. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('a laptop', { users: 100, days: 365, replicas: 1, growth: 1, diskGb: 200, cacheGb: 1, cores: 2 }),
  scenario('1,000 users', { users: 1000, days: 365, ...SMALL }),
  scenario('10,000 users', { users: 10_000, days: 365, ...SMALL }),
  scenario('100,000 users', { users: 100_000, days: 365 }),
  scenario('1,000,000 users', { users: 1_000_000, days: 365 }),
  scenario('1,000,000 busy users', { users: 1_000_000, messagesPerDay: 400, days: 365, diskGb: 8000 }),
];
