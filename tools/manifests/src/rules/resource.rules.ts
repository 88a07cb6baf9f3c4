import { isApp } from '../app.settings.ts';
import { textAt } from '../document.ts';
import { quantityOf } from '../quantity.ts';
import { environmentOf, type Variable } from './container.environment.ts';
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
  if (name.startsWith('wiber/') && tag !== version)
    return [finding('image_tag', where, `${image} is not the version ${version} of package.json`)];
  return [];
};

const heapFindings = (where: string, variables: readonly Variable[], limit: number): Finding[] => {
  const value = (name: string) => variables.find((one) => one.name === name)?.value ?? '';
  const heap = Number(/--max-old-space-size=(\d+)/.exec(value('NODE_OPTIONS'))?.[1]);
  if (Number.isNaN(heap)) return [finding('heap_over_limit', where, 'NODE_OPTIONS has no --max-old-space-size')];
  const answers = Number(value('HTTP_ANSWERS_MAX_MB') || 256);
  const queued = Number(value('API_QUEUE_MAX_BYTES') || 0) / MIB;
  const needed = heap + answers + queued + NODE_ITSELF;
  if (needed * MIB <= limit) return [];
  return [
    finding(
      'heap_over_limit',
      where,
      `heap, answers, queue and Node itself take ${needed} MiB; the limit is ${limit / MIB} MiB`,
    ),
  ];
};

/** Images, requests and limits, and what of the memory is heap. */
export const resourceRules: Rule = (view: OverlayView) =>
  containersOf(view).flatMap(({ where, container }) => {
    const images = imageFindings(where, textAt(container, 'image'), view.version);
    const limit = quantityOf(textAt(container, 'resources', 'limits', 'memory'));
    const request = quantityOf(textAt(container, 'resources', 'requests', 'memory'));
    if (Number.isNaN(limit) || Number.isNaN(request) || request > limit)
      return [
        ...images,
        finding('limit_missing', where, 'resources need a request of memory that is not over its limit'),
      ];
    if (!isApp(textAt(container, 'name'))) return images;
    return [...images, ...heapFindings(where, environmentOf(container, view.documents), limit)];
  });
