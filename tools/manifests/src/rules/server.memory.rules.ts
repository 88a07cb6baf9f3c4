import { listAt, nameOf, objectsAt, ofKind, textAt, type Manifest } from '../document.ts';
import { quantityOf } from '../quantity.ts';
import { environmentOf } from '../container.environment.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';
import { containersOf } from './pod.rules.ts';

/** The rest is for what a server takes beside it: threads, connections, the page cache. */
const MOST_OF_LIMIT = 0.75;
const GIB = 2 ** 30;
const JVM_UNITS = { k: 2 ** 10, m: 2 ** 20, g: GIB } as const;

/** Memory that a server is told to take. */
interface Taken {
  where: string;
  what: string;
  bytes: number;
  limit: number;
}

/** Bytes of an option such as 2g. */
const jvmBytes = (text: string): number => {
  const [, number, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? [];
  return Number(number) * (JVM_UNITS[unit.toLowerCase() as keyof typeof JVM_UNITS] ?? 1);
};

const poolsTake = (documents: readonly Manifest[]): Taken[] =>
  ofKind(documents, 'KafkaNodePool')
    .filter((pool) => textAt(pool, 'spec', 'jvmOptions', '-Xmx') !== '')
    .map((pool) => ({
      where: nameOf(pool),
      what: '-Xmx',
      bytes: jvmBytes(textAt(pool, 'spec', 'jvmOptions', '-Xmx')),
      limit: quantityOf(textAt(pool, 'spec', 'resources', 'limits', 'memory')),
    }));

const mongodbTakes = (documents: readonly Manifest[]): Taken[] =>
  ofKind(documents, 'MongoDBCommunity').map((set) => ({
    where: nameOf(set),
    what: 'cacheSizeGB',
    bytes: Number(textAt(set, 'spec', 'additionalMongodConfig', 'storage.wiredTiger.engineConfig.cacheSizeGB')) * GIB,
    limit: quantityOf(
      textAt(
        objectsAt(set, 'spec', 'statefulSet', 'spec', 'template', 'spec', 'containers').find(
          (container) => textAt(container, 'name') === 'mongod',
        ),
        ...['resources', 'limits', 'memory'],
      ),
    ),
  }));

const containersTake = (view: OverlayView): Taken[] =>
  containersOf(view).flatMap(({ where, container }) => {
    const limit = quantityOf(textAt(container, 'resources', 'limits', 'memory'));
    const options = environmentOf(container, view.documents).find(({ name }) => name === 'KAFKA_HEAP_OPTS')?.value;
    const heap = /-Xmx(\d+[kmg]?)/i.exec(options ?? '')?.[1];
    const cache = listAt(container, 'args')
      .map((one) => /^--wiredTigerCacheSizeGB[= ]([\d.]+)$/.exec(String(one))?.[1])
      .find((one) => one !== undefined);
    return [
      ...(heap === undefined ? [] : [{ where, what: '-Xmx', bytes: jvmBytes(heap), limit }]),
      ...(cache === undefined ? [] : [{ where, what: 'the cache', bytes: Number(cache) * GIB, limit }]),
    ];
  });

/** The heap of a broker and the cache of a mongod fit into the limit of their container. */
export const serverMemoryRules: Rule = (view) =>
  [...poolsTake(view.documents), ...mongodbTakes(view.documents), ...containersTake(view)]
    .filter(({ bytes, limit }) => !(bytes <= limit * MOST_OF_LIMIT))
    .map(({ where, what, bytes, limit }) =>
      finding(
        'heap_over_limit',
        where,
        `${what} takes ${bytes / GIB} GiB, more than ${MOST_OF_LIMIT * 100} % of its limit of ${limit / GIB} GiB`,
      ),
    );
