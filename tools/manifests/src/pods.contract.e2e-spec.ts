import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { APPS, type AppName } from './app.settings.ts';
import { objectsAt, ofKind, textAt, type Fields } from './document.ts';
import { loadViews } from './overlay.check.ts';
import { environmentOf } from './container.environment.ts';
import { podSources } from './pod.sources.ts';
import { type OverlayView } from './rules/overlay.view.ts';

const VIEWS = loadViews(join(import.meta.dirname, '..', '..', '..'));
/** The servers of a spec have no TLS and no users. */
const OF_TLS = /^(?:KAFKA_SSL|KAFKA_SASL|MONGO_TLS|MONGO_USERNAME|MONGO_PASSWORD)/;
/** What a spec has in place of a cluster. */
const LOOPBACK = { API_HOST: '127.0.0.1', INGEST_HOST: '127.0.0.1', METRICS_HOST: '127.0.0.1' };

const containerOf = (view: OverlayView, app: AppName): Fields =>
  podSources(view.documents).find(({ owner }) => owner.metadata.name === app)!.containers[0]!;

const environment = (view: OverlayView, app: AppName): Record<string, string> =>
  Object.fromEntries(
    environmentOf(containerOf(view, app), view.documents)
      .filter(({ name }) => !OF_TLS.test(name))
      .map(({ name, value, secret, field }) => {
        if (secret) return [name, 'a-secret-of-a-spec'];
        return [name, field === 'metadata.name' ? `${app}-7d9c5b6f4-x2x7p` : (value ?? '')];
      }),
  );

describe.each(VIEWS.map((view) => ({ name: view.name, view })))('with the settings of $name', ({ view }) => {
  let running: AppProcess[] = [];
  beforeAll(async () => {
    const system = await freshSystem();
    running = await AppProcess.startAll(
      APPS.map((app) => [app, { ...environment(view, app), ...system, ...LOOPBACK }] as const),
    );
  });
  afterAll(() => Promise.all(running.map((app) => app.end())));

  it.each(APPS)('%s starts, and answers each probe of its manifest', async (app) => {
    const container = containerOf(view, app);
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) =>
      textAt(container, probe, 'httpGet', 'path'),
    );
    const monitors = ofKind(view.documents, 'ServiceMonitor').filter(({ metadata }) => metadata.name === app);
    const scraped = monitors.flatMap((one) =>
      objectsAt(one, 'spec', 'endpoints').map((endpoint) => textAt(endpoint, 'path')),
    );
    for (const path of [...paths, ...scraped]) {
      await eventually(async () => {
        const { status } = await fetch(`${running[APPS.indexOf(app)]!.url}${path}`);
        expect({ path, status }).toEqual({ path, status: 200 });
      });
    }
  });

  it('each app is called as its pod is', async () => {
    for (const [place, app] of APPS.entries()) expect(running[place]!.output).toContain(`${app}-7d9c5b6f4-x2x7p`);
  });
});
