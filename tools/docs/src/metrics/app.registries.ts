import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { register } from 'prom-client';
import { VERSION } from '@wiber/contracts';
import { startMetrics } from '@wiber/observability';

export const APPS = ['gateway', 'ingest', 'metrics'] as const;
export type AppName = (typeof APPS)[number];

/** One metric as the registry of an app has it. */
export interface RegisteredMetric {
  name: string;
  type: string;
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram, without that of infinity. */
  buckets: readonly number[];
}

/** The parts of an app's definition that are needed to make it. */
interface AppDefinition {
  create: () => Promise<Closable>;
}

interface Closable {
  close: () => Promise<void>;
}

/** Makes an app register all metrics that it may have: those of NTP only exist with a server. No app is started. */
const COMPLETE = { NTP_SERVERS: '127.0.0.1:9', LOG_LEVEL: 'silent' };

/**
 * The metrics of each app, from its registry. Each app is made, not started, so nothing connects.
 * @param folder of each app to load from: its sources, or what was built of them. Node can't run the sources, which have decorators
 */
export const loadRegistries = async (
  root: string,
  folder: 'src' | 'dist',
): Promise<Map<AppName, RegisteredMetric[]>> => {
  Object.assign(process.env, COMPLETE);
  const registries = new Map<AppName, RegisteredMetric[]>();
  const apps: Closable[] = [];
  for (const app of APPS) {
    startMetrics(app, 'docs', VERSION);
    const file = join(root, 'apps', app, folder, `${app}.app.${folder === 'src' ? 'ts' : 'js'}`);
    const loaded = (await import(pathToFileURL(file).href)) as Record<string, AppDefinition>;
    apps.push(await loaded[`${app}App`]!.create());
    registries.set(app, registered());
  }
  // At once: each waits until its search for MongoDB ends.
  await Promise.all(apps.map((made) => made.close()));
  register.clear();
  return registries;
};

const registered = (): RegisteredMetric[] =>
  register.getMetricsAsArray().map((metric) => {
    const { name, type, help, labelNames, bounds, upperBounds } = metric as unknown as RegistryEntry;
    return { name, type, help, labels: [...labelNames], buckets: bounds ?? upperBounds ?? [] };
  });

/** What prom-client keeps of a metric, and TallyHistogram as well. */
interface RegistryEntry {
  name: string;
  type: string;
  help: string;
  labelNames: readonly string[];
  upperBounds?: readonly number[];
  bounds?: readonly number[];
}
