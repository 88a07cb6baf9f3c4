import { isApp } from '../app.settings.ts';
import { textAt } from '../document.ts';
import { podSources } from '../pod.sources.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import { environmentOf } from '../container.environment.ts';

/** A collector of traces, as the apps are told of it. */
export interface Collector {
  /** The apps that send to it. */
  apps: readonly string[];
  namespace: string;
  /** That of its service, which is taken for that of its pods. */
  port: number;
}

/** What k8s/components/tracing has. */
const BY_DEFAULT = { namespace: 'observability', port: 4318 };

/** In a cluster a host is `service.namespace`, with or without `.svc` and what follows; a bare one is in the namespace of the pod. */
const placeOf = (endpoint: string, namespace: string): Omit<Collector, 'apps'> => {
  const { hostname, port, protocol } = new URL(endpoint);
  const [, other = namespace] = hostname.split('.');
  return { namespace: other, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
};

/** The collector of an overlay: of several addresses the first one. No app sends to it where none has an address. */
export const collectorOf = ({ documents, namespace }: Overlay): Collector => {
  const told = podSources(documents).flatMap(({ owner, containers }) =>
    containers
      .filter((container) => isApp(textAt(container, 'name')))
      .flatMap((container) => environmentOf(container, documents))
      .filter(({ name, value }) => name === 'OTEL_EXPORTER_OTLP_ENDPOINT' && value)
      .map(({ value }) => ({ app: owner.metadata.name, endpoint: value! })),
  );
  const [first] = told;
  return { apps: told.map(({ app }) => app), ...(first ? placeOf(first.endpoint, namespace) : BY_DEFAULT) };
};
