import { nameOf, objectsAt, textAt, valueAt, type Fields } from '../document.ts';
import { environmentOf } from '../container.environment.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { finding, type Rule } from './overlay.view.ts';

/** The files of Secrets and ConfigMaps that a container finds. Without items each key is a file of its name; these are not known here. */
const filesOf = ({ spec }: PodSource, container: Fields): string[] =>
  objectsAt(container, 'volumeMounts').flatMap((mount) => {
    const volume = objectsAt(spec, 'volumes').find((one) => textAt(one, 'name') === textAt(mount, 'name'));
    return [volume, ...objectsAt(volume, 'projected', 'sources')]
      .flatMap((source) => [...objectsAt(source, 'secret', 'items'), ...objectsAt(source, 'configMap', 'items')])
      .map((item) => `${textAt(mount, 'mountPath')}/${textAt(item, 'path')}`);
  });

/** Mode bits: the group of the pod, fsGroup, may read; everybody may. */
const GROUP_READS = 0o040;
const OTHERS_READ = 0o004;

const modeFindings = ({ owner, spec }: PodSource) =>
  objectsAt(spec, 'volumes')
    .filter((volume) => valueAt(volume, 'projected') !== undefined)
    .filter((volume) => {
      const mode = Number(valueAt(volume, 'projected', 'defaultMode') ?? 0o644);
      const isOfGroup = valueAt(spec, 'securityContext', 'fsGroup') !== undefined;
      return (mode & OTHERS_READ) === 0 && !(isOfGroup && (mode & GROUP_READS) !== 0);
    })
    .map((volume) =>
      finding('reference_missing', nameOf(owner), `the pod may not read the files of ${textAt(volume, 'name')}`),
    );

/** Each file that a variable names is mounted, and the pod may read it. */
export const fileRules: Rule = ({ documents }) =>
  podSources(documents).flatMap((pod) => [
    ...modeFindings(pod),
    ...pod.containers.flatMap((container) => {
      const files = filesOf(pod, container);
      return environmentOf(container, documents)
        .filter(({ name, value }) => name.endsWith('_FILE') && value !== undefined && !files.includes(value))
        .map(({ name, value }) =>
          finding('reference_missing', nameOf(pod.owner), `${name} is ${value}, which no volume has`),
        );
    }),
  ]);
