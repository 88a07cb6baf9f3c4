import { isApp } from '../app.settings.ts';
import { objectsAt, textAt, type Fields } from '../document.ts';
import type { PodSource } from '../pod.sources.ts';
import { quantityOf } from '../quantity.ts';
import { environmentOf, type Variable } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';
import { containersOf } from './pod.rules.ts';

const MIB = 2 ** 20;
/** What Node takes beside its old space and the bounded buffers: young space, code, stacks, sockets. MiB. */
const NODE_ITSELF = 128;

const imageFindings = (where: string, image: string, version: string): Finding[] => {
  const [, name = image, tag] = /^([^@]+?)(?::([\w.-]+))?(?:@sha256:\w+)?$/.exec(image) ?? [];
  if (tag === undefined || tag === 'latest')
    return [finding('image_tag', where, `${image} has no fixed tag; each node would run what it last pulled`)];
  if (/(?:^|\/)wiber\//.test(name) && tag !== version)
    return [finding('image_tag', where, `${image} is not the version ${version} of package.json`)];
  return [];
};

interface HeapRoom {
  variables: readonly Variable[];
  /** Bytes. */
  limit: number;
  /** Bytes of volumes in memory. */
  volumes: number;
}

/** An app runs as its image starts it: what the image was tried with. */
const startFindings = (where: string, container: Fields): Finding[] => {
  const name = textAt(container, 'name');
  const [image = ''] = textAt(container, 'image').split(/:(?![^/]*\/)|@/);
  return [
    ...['command', 'args']
      .filter((field) => container[field] !== undefined)
      .map((field) => finding('command_changed', where, `${field} replaces what the image starts`)),
    ...(`/${image}`.endsWith(`/wiber/${name}`)
      ? []
      : [finding('command_changed', where, `the container ${name} runs ${image} and not wiber/${name}`)]),
    ...(textAt(container, 'imagePullPolicy') === 'Never'
      ? [finding('command_changed', where, 'imagePullPolicy is Never: a node without the image starts no pod')]
      : []),
  ];
};

/** Volumes in memory count for the container that writes them. */
const memoryVolumes = ({ spec }: PodSource): number =>
  objectsAt(spec, 'volumes')
    .filter((volume) => textAt(volume, 'emptyDir', 'medium') === 'Memory')
    .reduce((sum, volume) => sum + quantityOf(textAt(volume, 'emptyDir', 'sizeLimit')), 0);

const heapFindings = (where: string, { variables, limit, volumes }: HeapRoom): Finding[] => {
  const value = (name: string) => variables.find((one) => one.name === name)?.value ?? '';
  const heap = Number(/--max-old-space-size=(\d+)/.exec(value('NODE_OPTIONS'))?.[1]);
  if (Number.isNaN(heap)) return [finding('heap_over_limit', where, 'NODE_OPTIONS has no --max-old-space-size')];
  const answers = Number(value('HTTP_ANSWERS_MAX_MB') || 256);
  const queued = Number(value('API_QUEUE_MAX_BYTES') || 0) / MIB;
  const needed = heap + answers + queued + volumes / MIB + NODE_ITSELF;
  if (needed * MIB <= limit) return [];
  return [
    finding(
      'heap_over_limit',
      where,
      `heap, answers, queue, volumes in memory and Node itself take ${needed} MiB; the limit is ${limit / MIB} MiB`,
    ),
  ];
};

/** Images, requests and limits, and what of the memory is heap. */
export const resourceRules: Rule = (view: OverlayView) =>
  containersOf(view).flatMap(({ where, owner, container }) => {
    const images = imageFindings(where, textAt(container, 'image'), view.version);
    const limit = quantityOf(textAt(container, 'resources', 'limits', 'memory'));
    const request = quantityOf(textAt(container, 'resources', 'requests', 'memory'));
    if (Number.isNaN(limit) || Number.isNaN(request) || request > limit)
      return [
        ...images,
        finding('limit_missing', where, 'resources need a request of memory that is not over its limit'),
      ];
    if (!isApp(textAt(container, 'name'))) return images;
    const variables = environmentOf(container, view.documents);
    const heap = heapFindings(where, { variables, limit, volumes: memoryVolumes(owner) });
    return [...images, ...startFindings(where, container), ...heap];
  });
