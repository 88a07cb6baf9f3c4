import { fieldsAt, listAt, objectsAt, textAt, valueAt, type Fields, type Manifest } from '../document.ts';
import { ManifestsError } from '../manifests.errors.ts';
import { quantityOf } from '../quantity.ts';
import { environmentOf } from '../container.environment.ts';
import type { PodSource } from '../pod.sources.ts';

/** How a probe asks, and when. Times are seconds. */
export interface ProbePlan {
  ask: { type: 'http'; port: number; path: string } | { type: 'exec'; command: readonly string[] } | { type: 'tcp' };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}

export interface Mount {
  path: string;
  /** `memory`: an emptyDir, gone with the pod. `disk`: a claim, which outlives it. */
  type: 'memory' | 'disk';
  name: string;
  bytes: number;
}

/** One container as its manifest says, and how its kubelet treats it. */
export interface PodPlan {
  app: string;
  image: string;
  /** Replaces the entry point of the image; empty: keeps it. */
  command: readonly string[];
  args: readonly string[];
  environment: readonly { name: string; value: string }[];
  /** The variable that gets the pod's name, if there is one. */
  nameVariable: string | undefined;
  user: number;
  group: number;
  isReadOnly: boolean;
  dropped: readonly string[];
  isPrivilegeEscalationAllowed: boolean;
  memoryBytes: number;
  mounts: readonly Mount[];
  ports: readonly number[];
  probes: { startup?: ProbePlan; liveness?: ProbePlan; readiness?: ProbePlan };
  preStopSeconds: number;
  graceSeconds: number;
  /** Whether a container that ended is started again: restartPolicy Always, the default. */
  isRestarted: boolean;
}

const texts = (value: Fields, field: string): string[] => listAt(value, field).map(String);

const portNumber = (container: Fields, port: string): number =>
  Number(
    textAt(
      objectsAt(container, 'ports').find((one) => textAt(one, 'name') === port),
      'containerPort',
    ) || port,
  );

const probeOf = (container: Fields, field: string): ProbePlan | undefined => {
  const probe = fieldsAt(container, field);
  if (Object.keys(probe).length === 0) return undefined;
  const command = listAt(probe, 'exec', 'command').map(String);
  const http = fieldsAt(probe, 'httpGet');
  const ask: ProbePlan['ask'] = http['path']
    ? { type: 'http', path: textAt(http, 'path'), port: portNumber(container, textAt(http, 'port')) }
    : command.length > 0
      ? { type: 'exec', command }
      : { type: 'tcp' };
  const number = (name: string, byDefault: number) => Number(valueAt(probe, name) ?? byDefault);
  // The defaults of the API.
  return {
    ask,
    periodSeconds: number('periodSeconds', 10),
    timeoutSeconds: number('timeoutSeconds', 1),
    failureThreshold: number('failureThreshold', 3),
  };
};

const mountsOf = ({ owner, spec }: PodSource, container: Fields): Mount[] =>
  objectsAt(container, 'volumeMounts').map((mount) => {
    const name = textAt(mount, 'name');
    const path = textAt(mount, 'mountPath');
    const volume = objectsAt(spec, 'volumes').find((one) => textAt(one, 'name') === name);
    const claim = objectsAt(owner, 'spec', 'volumeClaimTemplates').find(
      (one) => textAt(one, 'metadata', 'name') === name,
    );
    if (volume?.['emptyDir'])
      return { path, name, type: 'memory', bytes: quantityOf(textAt(volume, 'emptyDir', 'sizeLimit')) };
    if (claim)
      return { path, name, type: 'disk', bytes: quantityOf(textAt(claim, 'spec', 'resources', 'requests', 'storage')) };
    throw new ManifestsError(
      `${owner.metadata.name} mounts ${name}, which is no emptyDir and no claim: it runs in a cluster only`,
    );
  });

/**
 * The plan of the first container of a pod.
 * @param secrets the values of Secrets, as NAME/KEY
 * @throws ManifestsError for what an engine without a cluster does not have
 */
export const podPlan = (
  source: PodSource,
  documents: readonly Manifest[],
  secrets: Readonly<Record<string, string>>,
): PodPlan => {
  const { owner, spec, containers } = source;
  const container = containers[0]!;
  const security = { ...fieldsAt(spec, 'securityContext'), ...fieldsAt(container, 'securityContext') };
  const variables = environmentOf(container, documents);
  const environment = variables.flatMap(({ name, value, secret }) => {
    const text = secret ? secrets[`${secret.name}/${secret.key}`] : value;
    return text === undefined ? [] : [{ name, value: text }];
  });
  return {
    app: owner.metadata.name,
    image: textAt(container, 'image'),
    command: texts(container, 'command'),
    args: texts(container, 'args'),
    environment,
    nameVariable: variables.find(({ field }) => field === 'metadata.name')?.name,
    user: Number(security['runAsUser']),
    group: Number(security['runAsGroup']),
    isReadOnly: security['readOnlyRootFilesystem'] === true,
    dropped: listAt(security, 'capabilities', 'drop').map(String),
    isPrivilegeEscalationAllowed: security['allowPrivilegeEscalation'] !== false,
    memoryBytes: quantityOf(textAt(container, 'resources', 'limits', 'memory')),
    mounts: mountsOf(source, container),
    ports: objectsAt(container, 'ports').map((port) => Number(textAt(port, 'containerPort'))),
    probes: {
      startup: probeOf(container, 'startupProbe'),
      liveness: probeOf(container, 'livenessProbe'),
      readiness: probeOf(container, 'readinessProbe'),
    },
    preStopSeconds: Number(valueAt(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0),
    graceSeconds: Number(spec['terminationGracePeriodSeconds'] ?? 30),
    isRestarted: (textAt(spec, 'restartPolicy') || 'Always') === 'Always',
  };
};
