import { expect, it } from '@jest/globals';
import { readDocuments } from '../render/overlay.renderer.ts';
import { collectorOf } from './collector.ts';

const overlay = (endpoint?: string) => ({
  name: 'one',
  namespace: 'chat',
  given: [],
  documents: readDocuments(
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: chat }
spec:
  template:
    spec:
      containers:
        - { name: gateway, env: [${endpoint === undefined ? '' : `{ name: OTEL_EXPORTER_OTLP_ENDPOINT, value: '${endpoint}' }`}] }`,
    'a spec',
  ),
});

it.each([
  ['http://collector.tracing:4318', { namespace: 'tracing', port: 4318 }],
  ['http://collector.tracing.svc.cluster.local:4319/otlp', { namespace: 'tracing', port: 4319 }],
  ['http://collector', { namespace: 'chat', port: 80 }],
  ['https://collector.tracing.svc', { namespace: 'tracing', port: 443 }],
])('the collector at %s is in the namespace and at the port of its address', (endpoint, place) => {
  expect(collectorOf(overlay(endpoint))).toEqual({ apps: ['gateway'], ...place });
});

it('without an address no app sends to a collector, and it is where the component has it', () => {
  expect(collectorOf(overlay())).toEqual({ apps: [], namespace: 'observability', port: 4318 });
});
