import { fieldsAt, listAt, objectsAt, textAt, type Fields } from '../document.ts';

const HOST = ['hostNetwork', 'hostPID', 'hostIPC'];
/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const VOLUMES = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
]);
const PROFILES = new Set(['RuntimeDefault', 'Localhost']);
const ADDED = new Set(['NET_BIND_SERVICE']);

const volumeViolations = (spec: Fields): string[] =>
  objectsAt(spec, 'volumes').flatMap((volume) =>
    Object.keys(volume)
      .filter((type) => type !== 'name' && !VOLUMES.has(type))
      .map((type) => `the volume ${textAt(volume, 'name')} is a ${type}`),
  );

const containerViolations = (container: Fields, pod: Fields): string[] => {
  const own = fieldsAt(container, 'securityContext');
  const effective = (field: string) => own[field] ?? pod[field];
  const profile = textAt(own, 'seccompProfile', 'type') || textAt(pod, 'seccompProfile', 'type');
  const added = listAt(own, 'capabilities', 'add').map(String);
  const checks: [boolean, string][] = [
    [effective('runAsNonRoot') !== true || Number(effective('runAsUser') ?? 1) === 0, 'runAsNonRoot is not true'],
    [own['allowPrivilegeEscalation'] !== false, 'allowPrivilegeEscalation is not false'],
    [!listAt(own, 'capabilities', 'drop').includes('ALL'), 'capabilities does not drop ALL'],
    [added.some((one) => !ADDED.has(one)), `capabilities adds ${added.join(', ')}`],
    [!PROFILES.has(profile), 'seccompProfile is not RuntimeDefault'],
    [own['privileged'] === true, 'it is privileged'],
    [!['', 'Default'].includes(textAt(own, 'procMount')), 'procMount is not Default'],
    [objectsAt(container, 'ports').some((port) => Number(port['hostPort'] ?? 0) !== 0), 'it takes a port of the host'],
  ];
  return checks.flatMap(([isBroken, what]) => (isBroken ? [what] : []));
};

/** What the restricted pod security standard refuses of a pod. Windows, SELinux and AppArmor are not looked at. */
export const restrictedViolations = (spec: Fields, containers: readonly Fields[]): string[] => {
  const pod = fieldsAt(spec, 'securityContext');
  return [
    ...(HOST.some((field) => spec[field] === true) ? ['it uses the host'] : []),
    ...(listAt(pod, 'sysctls').length > 0 ? ['it sets sysctls'] : []),
    ...volumeViolations(spec),
    ...containers.flatMap((container) => containerViolations(container, pod)),
  ];
};
