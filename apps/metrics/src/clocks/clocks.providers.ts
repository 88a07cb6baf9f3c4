import type { Provider } from '@nestjs/common';
import { wallNow } from '@wiber/contracts';
import { ClocksStore, StoreClocks } from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { METRICS_ENV } from '../metrics.env.ts';
import { ClocksMetrics } from './clocks.metrics.ts';
import { ClocksTask } from './clocks.task.ts';
import { LogClocks } from './log.clocks.ts';

const { topic, instance, serversPeriodMs: periodMs } = METRICS_ENV;
const STORES = Symbol('clocks of the store, and where a look is kept');

interface Stores {
  clocks: StoreClocks;
  store: ClocksStore;
}

/** The task that looks at the clocks, and what it is made of. */
export const CLOCKS_PROVIDERS: Provider[] = [
  ClocksMetrics,
  { provide: LogClocks, useFactory: () => new LogClocks({ now: monotonicNow, wall: wallNow }) },
  {
    provide: STORES,
    inject: [StoreClocks, ClocksStore],
    useFactory: (clocks: StoreClocks, store: ClocksStore): Stores => ({ clocks, store }),
  },
  {
    provide: ClocksTask,
    inject: [STORES, LogClocks, ClocksMetrics],
    useFactory: (stores: Stores, log: LogClocks, metrics: ClocksMetrics) => {
      const onSeen: ConstructorParameters<typeof ClocksTask>[0]['onSeen'] = (seen, lead) =>
        metrics.show(seen, () => lead.isValid());
      return new ClocksTask({ topic, instance, periodMs, ...stores, log, wall: wallNow, onSeen });
    },
  },
];
