import { fieldsAt, nameOf, objectsAt, ofKind, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
import { environmentOf } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

interface Reference {
  where: string;
  kind: 'Secret' | 'ConfigMap';
  name: string;
  /** Undefined: every key. */
  key: string | undefined;
}

const SECRET_NAME = /(?:TOKEN|PASSWORD|SECRET)$/;
const USER_IN_URI = /^[a-z+]+:\/\/[^/@]*:[^/@]+@/;

/** What makes Secrets: the operators, each by the documents of its kinds. Sources: the documents of Strimzi. */
const madeSecrets = (documents: readonly Manifest[]): Map<string, readonly string[]> =>
  new Map<string, readonly string[]>([
    ...ofKind(documents, 'KafkaUser').map(({ metadata }) => [metadata.name, ['password', 'sasl.jaas.config']] as const),
    ...ofKind(documents, 'Kafka').map(
      ({ metadata }) => [`${metadata.name}-cluster-ca-cert`, ['ca.crt', 'ca.p12', 'ca.password']] as const,
    ),
  ]);

const ref = (where: string, kind: Reference['kind'], source: Fields): Reference => ({
  where,
  kind,
  name: textAt(source, 'name') || textAt(source, 'secretName'),
  key: textAt(source, 'key') || undefined,
});

const volumeReferences = (where: string, spec: Fields): Reference[] =>
  objectsAt(spec, 'volumes').flatMap((volume) =>
    [volume, ...objectsAt(volume, 'projected', 'sources')].flatMap((source) =>
      (['secret', 'configMap'] as const).flatMap((field) => {
        const one = fieldsAt(source, field);
        if (!valueAt(source, field)) return [];
        const base = ref(where, field === 'secret' ? 'Secret' : 'ConfigMap', one);
        const keys = objectsAt(one, 'items').map((item) => textAt(item, 'key'));
        return keys.length === 0 ? [base] : keys.map((key) => ({ ...base, key }));
      }),
    ),
  );

const podReferences = ({ owner, spec, containers }: PodSource): Reference[] => {
  const where = nameOf(owner);
  const variables = containers.flatMap((container) => [
    ...objectsAt(container, 'envFrom').map((one) =>
      one['secretRef']
        ? ref(where, 'Secret', fieldsAt(one, 'secretRef'))
        : ref(where, 'ConfigMap', fieldsAt(one, 'configMapRef')),
    ),
    ...objectsAt(container, 'env').flatMap((one) => [
      ...(valueAt(one, 'valueFrom', 'secretKeyRef')
        ? [ref(where, 'Secret', fieldsAt(one, 'valueFrom', 'secretKeyRef'))]
        : []),
      ...(valueAt(one, 'valueFrom', 'configMapKeyRef')
        ? [ref(where, 'ConfigMap', fieldsAt(one, 'valueFrom', 'configMapKeyRef'))]
        : []),
    ]),
  ]);
  return [...variables, ...volumeReferences(where, spec)];
};

const otherReferences = (documents: readonly Manifest[]): Reference[] => [
  ...ofKind(documents, 'TriggerAuthentication').flatMap((one) => [
    ...objectsAt(one, 'spec', 'secretTargetRef').map((each) => ref(nameOf(one), 'Secret', each)),
    ...objectsAt(one, 'spec', 'configMapTargetRef').map((each) => ref(nameOf(one), 'ConfigMap', each)),
  ]),
  ...ofKind(documents, 'MongoDBCommunity').flatMap((one) => [
    ...objectsAt(one, 'spec', 'users').map((user) =>
      ref(nameOf(one), 'Secret', { key: 'password', ...fieldsAt(user, 'passwordSecretRef') }),
    ),
    ...['certificateKeySecretRef', 'caCertificateSecretRef'].map((field) =>
      ref(nameOf(one), 'Secret', fieldsAt(one, 'spec', 'security', 'tls', field)),
    ),
  ]),
  ...ofKind(documents, 'Gateway').flatMap((one) =>
    objectsAt(one, 'spec', 'listeners')
      .flatMap((listener) => objectsAt(listener, 'tls', 'certificateRefs'))
      .map((each) => ref(nameOf(one), 'Secret', each)),
  ),
  ...ofKind(documents, 'Ingress').flatMap((one) =>
    objectsAt(one, 'spec', 'tls').map((each) => ref(nameOf(one), 'Secret', each)),
  ),
];

/** Each reference, also an optional one: a name that is misspelt there would be no fault of the cluster, and no setting of the app. */
const missingReferences = (view: OverlayView): Finding[] => {
  const { documents, given } = view;
  const secrets = madeSecrets(documents);
  for (const { kind, name, keys } of given) if (kind === 'Secret') secrets.set(name, keys);
  const maps = new Map(
    ofKind(documents, 'ConfigMap').map((map) => [map.metadata.name, Object.keys(fieldsAt(map, 'data'))]),
  );
  const references = [...podSources(documents).flatMap(podReferences), ...otherReferences(documents)];
  return references.flatMap(({ where, kind, name, key }) => {
    const keys = (kind === 'Secret' ? secrets : maps).get(name);
    if (keys && (key === undefined || keys.includes(key))) return [];
    return [
      finding('reference_missing', where, `nobody makes ${kind} ${name}${key && keys ? ` with the key ${key}` : ''}`),
    ];
  });
};

const plainSecrets = ({ documents }: OverlayView): Finding[] => [
  ...ofKind(documents, 'Secret').map((one) =>
    finding('secret_in_manifest', nameOf(one), 'a Secret is made by an operator or by hand, not kept here'),
  ),
  ...podSources(documents).flatMap(({ owner, containers }) =>
    containers
      .flatMap((container) => environmentOf(container, documents))
      .filter(
        ({ name, value }) =>
          value !== undefined && ((SECRET_NAME.test(name) && value !== '') || USER_IN_URI.test(value)),
      )
      .map(({ name }) => finding('secret_in_manifest', nameOf(owner), `${name} holds a secret; refer to a Secret`)),
  ),
];

/** The kubelet renews no file that is mounted by a subPath. */
const frozenFiles = ({ documents }: OverlayView): Finding[] =>
  podSources(documents).flatMap(({ owner, containers }) =>
    containers
      .flatMap((container) => objectsAt(container, 'volumeMounts'))
      .filter((mount) => mount['subPath'] !== undefined || mount['subPathExpr'] !== undefined)
      .map((mount) =>
        finding('secret_not_renewed', nameOf(owner), `${textAt(mount, 'mountPath')} is mounted by a subPath`),
      ),
  );

/** Secrets are referred to and never held; each one that is named exists, and its files are renewed. */
export const secretRules: Rule = (view) => [...missingReferences(view), ...plainSecrets(view), ...frozenFiles(view)];
