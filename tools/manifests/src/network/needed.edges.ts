import { APPS, isApp } from '../app.settings.ts';
import { fieldsAt, ofKind, textAt } from '../document.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import { collectorOf } from './collector.ts';
import type { Actor, Port } from './made.pods.ts';

/** A connection that must pass. */
export interface NeededEdge {
  from: string;
  to: string;
  port: number;
  protocol: Port['protocol'];
  why: string;
  /** Nobody needs it, but no rule can allow what is needed without it. */
  isTolerated: boolean;
}

interface Ends {
  from: readonly Actor[];
  to: readonly Actor[];
  ports: readonly number[];
  why: string;
  isTolerated?: boolean;
}

const edges = ({ from, to, ports, why, isTolerated = false }: Ends): NeededEdge[] =>
  from.flatMap((one) =>
    to.flatMap((other) =>
      other.ports
        .filter(({ port }) => ports.includes(port))
        .map(({ port, protocol }) => ({ from: one.name, to: other.name, port, protocol, why, isTolerated })),
    ),
  );

const clientPortOf = ({ documents }: Overlay): number => {
  const settings = ofKind(documents, 'ConfigMap').map((map) =>
    textAt(fieldsAt(map, 'data'), 'KAFKA_BOOTSTRAP_SERVERS'),
  );
  return Number(
    settings
      .find((text) => text !== '')
      ?.split(':')
      .at(-1),
  );
};

/** What the whole system needs, and nothing else. Each line gives its reason. */
export const neededEdges = (overlay: Overlay, actors: readonly Actor[]): NeededEdge[] => {
  const named = (...names: string[]) => actors.filter(({ name }) => names.includes(name));
  const own = actors.filter(({ namespace }) => namespace === overlay.namespace);
  const apps = own.filter(({ name }) => isApp(name));
  const client = clientPortOf(overlay);
  const mongodb = own.filter(({ labels }) => labels['wiber/peer'] === 'mongodb');
  const kafka = own.filter(({ labels }) => labels['wiber/peer'] === 'kafka');
  const brokers = kafka.filter(({ ports }) => ports.some(({ port }) => port === client));
  const controllers = named('kafka controllers');
  const clusterBrokers = named('kafka brokers');
  const asksApi = [
    ...clusterBrokers,
    ...named('entity operator'),
    ...(ofKind(overlay.documents, 'MongoDBCommunity').length ? mongodb : []),
  ];
  const { apps: traced, port: collectorPort } = collectorOf(overlay);
  const isMonitored = ofKind(overlay.documents, 'ServiceMonitor').length > 0;
  const isScaled = ofKind(overlay.documents, 'ScaledObject').length > 0;
  return [
    edges({ from: named('client pod', 'proxy'), to: named('gateway'), ports: [8000], why: 'clients send and read' }),
    edges({ from: apps, to: brokers, ports: [client], why: 'apps use the log' }),
    edges({ from: apps, to: mongodb, ports: [27_017], why: 'apps use the store' }),
    edges({ from: own, to: named('DNS'), ports: [53], why: 'names are resolved' }),
    edges({
      from: own.filter(({ labels }) => labels['wiber/setup'] === 'kafka'),
      to: brokers,
      ports: [client],
      why: 'the job makes the topics',
    }),
    edges({
      from: own.filter(({ labels }) => labels['wiber/setup'] === 'mongodb'),
      to: mongodb,
      ports: [27_017],
      why: 'the job initiates the set',
    }),
    edges({
      from: [...controllers, ...clusterBrokers],
      to: controllers,
      ports: [9090],
      why: 'KRaft: votes, heartbeats and metadata',
    }),
    edges({ from: clusterBrokers, to: clusterBrokers, ports: [9091], why: 'brokers copy partitions' }),
    edges({ from: named('entity operator'), to: clusterBrokers, ports: [9091], why: 'it makes topics and users' }),
    edges({
      from: controllers.length ? named('Strimzi') : [],
      to: [...controllers, ...clusterBrokers],
      ports: [8443, 9090, 9091],
      why: 'the operator looks before it restarts a node',
    }),
    edges({ from: isScaled ? named('KEDA') : [], to: brokers, ports: [client], why: 'the scaler asks for the lag' }),
    edges({
      from: ofKind(overlay.documents, 'MongoDBCommunity').length ? mongodb : [],
      to: mongodb,
      ports: [27_017],
      why: 'members replicate',
    }),
    edges({
      from: asksApi,
      to: named('API server'),
      ports: [443, 6443],
      why: 'its operator or agent asks the API server',
    }),
    edges({
      from: asksApi,
      to: named('internet', 'proxy'),
      ports: [443],
      why: 'a rule for the API server without its address names ports only',
      isTolerated: true,
    }),
    edges({
      from: isMonitored ? named('Prometheus') : [],
      to: named(...APPS),
      ports: [8000, 8100, 8200],
      why: 'metrics are read',
    }),
    edges({
      from: named(...traced),
      to: named('collector'),
      ports: [collectorPort],
      why: 'spans are sent to the collector',
    }),
    edges({ from: named('grafana'), to: named('Prometheus'), ports: [9090], why: 'panels show what it has' }),
  ].flat();
};
