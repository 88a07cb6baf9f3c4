import { CLOCK_SCENARIOS } from './clock.scenarios.ts';
import { CONSUME_SCENARIOS } from './consume.scenarios.ts';
import { LEADER_SCENARIOS } from './leader.scenarios.ts';
import { PRODUCE_SCENARIOS } from './produce.scenarios.ts';
import type { Scenario } from './scenario.ts';
import { STORE_SCENARIOS } from './store.scenarios.ts';
import { WEATHER_SCENARIOS } from './weather.scenarios.ts';

const SCENARIOS: Record<string, Scenario> = {
  ...PRODUCE_SCENARIOS,
  ...CONSUME_SCENARIOS,
  ...STORE_SCENARIOS,
  ...WEATHER_SCENARIOS,
  ...LEADER_SCENARIOS,
  ...CLOCK_SCENARIOS,
};

export const scenarioOf = ({ name }: { name: string }): Scenario => {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`the mutant ${name} has no scenario`);
  return scenario;
};
