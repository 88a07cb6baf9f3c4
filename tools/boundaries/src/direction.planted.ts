import type { Planted } from './planted.ts';

const NX = '@nx/enforce-module-boundaries';

/** Direction. An app exports nothing, so its name leads nowhere: that is what refuses it, before its tags are asked. */
export const DIRECTION: readonly Planted[] = [
  {
    what: 'an app imports an app',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/ingest';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'an app imports an app by a relative path',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '../../ingest/src/app.module.ts';",
    refusedBy: `${NX} noRelativeOrAbsoluteImportsAcrossLibraries`,
  },
  {
    what: 'a lib imports an app',
    file: 'libs/observability/src/planted.service.ts',
    code: "export { planted } from '@wiber/system-e2e';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'a lib that apps use imports one of them',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/gateway';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'contracts imports kafka',
    file: 'libs/contracts/src/planted.topics.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'contracts imports resilience, which makes no cycle',
    file: 'libs/contracts/src/planted.topics.ts',
    code: "export { planted } from '@wiber/resilience';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'resilience imports kafka',
    file: 'libs/resilience/src/planted.policy.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'resilience imports contracts, which makes no cycle',
    file: 'libs/resilience/src/planted.policy.ts',
    code: "export { planted } from '@wiber/contracts';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another adapter',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/mongo';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another in its spec',
    file: 'libs/mongo/src/planted.int-spec.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'two libs import each other',
    file: 'libs/observability/src/planted.service.ts',
    code: "export { planted } from '@wiber/mongo';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'two libs import each other, at run time only',
    file: 'libs/observability/src/planted.service.ts',
    code: "export const planted = import('@wiber/mongo');",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'an app imports a tool',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/stack';",
    refusedBy: `${NX} noImportsOfApps`,
  },
  {
    what: 'a tool imports a tool',
    file: 'tools/bench/src/planted.service.ts',
    code: "export { planted } from '@wiber/stack';",
    refusedBy: `${NX} noImportsOfApps`,
  },
  {
    what: 'production code imports the harness',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/harness';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports the harness outside its specs',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/harness';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'a spec of an adapter imports evidence, which is for whole systems',
    file: 'libs/kafka/src/planted.int-spec.ts',
    code: "export { planted } from '@wiber/evidence';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'evidence imports an adapter, which is code under test',
    file: 'libs/evidence/src/planted.reader.ts',
    code: "export { planted } from '@wiber/mongo';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
];
