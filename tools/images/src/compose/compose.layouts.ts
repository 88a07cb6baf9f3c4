/** The files of a system, and what differs in it. */
export const COMPOSE_LAYOUTS = {
  single: { files: ['compose.yaml'], servers: ['kafka', 'mongo'], metrics: 1 },
  cluster: {
    files: ['compose.yaml', 'compose.cluster.yaml'],
    servers: ['kafka', 'kafka-2', 'kafka-3', 'mongo', 'mongo-2', 'mongo-3'],
    metrics: 3,
  },
} as const;
export type LayoutName = keyof typeof COMPOSE_LAYOUTS;

/** Tells the compose spec which system to try. */
export const LAYOUT_VARIABLE = 'WIBER_TEST_COMPOSE';

/** Undefined for any other text. */
export const layoutNamed = (name: string | undefined): LayoutName | undefined =>
  name !== undefined && Object.hasOwn(COMPOSE_LAYOUTS, name) ? (name as LayoutName) : undefined;
