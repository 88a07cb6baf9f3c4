import { spreadOf } from '../statistics.ts';
import { OwnSystem } from '@wiber/harness';
import type { Figure } from './figure.ts';

/** The command of `npm start` with its own ports and data. New data each time: that takes longer than a second start. */
export const START: Figure = {
  name: 'start',
  title: 'npm start to ready, everything cached',
  measure: async (bench) => {
    const seconds: number[] = [];
    for (let run = 0; run < Math.min(3, bench.runs); run += 1) {
      const from = performance.now();
      const system = await OwnSystem.start({}, { build: true });
      seconds.push((performance.now() - from) / 1000);
      bench.say(`start run ${run + 1}: ${seconds.at(-1)!.toFixed(1)} s`);
      await system.close();
    }
    const wiber = spreadOf(seconds);
    return {
      title: 'npm start to ready, everything cached',
      unit: 's',
      wiber,
      goals: [{ what: 's', got: wiber.median, reach: 20, type: 'at-most' }],
    };
  },
};
