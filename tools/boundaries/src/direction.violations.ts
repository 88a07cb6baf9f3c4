import type { Violation } from './lint.case.ts';

const NX = '@nx/enforce-module-boundaries';

/** Violations of who may import whom. Apps and tools export nothing, so Nx refuses their names before it reads their tags. */
export const DIRECTION: readonly Violation[] = [
  {
    what: 'the page imports code of contracts, which brings Nest into it',
    file: 'apps/console/src/flow/sample.view.tsx',
    code: "export { sample } from '@wiber/contracts';",
    refusedBy: '@typescript-eslint/no-restricted-imports patternWithCustomMessage',
  },
  {
    what: 'the page imports a module of Node',
    file: 'apps/console/src/flow/sample.layout.ts',
    code: "export { join } from 'node:path';",
    refusedBy: '@typescript-eslint/no-restricted-imports patternWithCustomMessage',
  },
  {
    what: 'an app imports an app',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '@wiber/ingest';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'an app imports an app by a relative path',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '../../ingest/src/app.module.ts';",
    refusedBy: `${NX} noRelativeOrAbsoluteImportsAcrossLibraries`,
  },
  {
    what: 'a lib imports an app',
    file: 'libs/observability/src/sample.service.ts',
    code: "export { sample } from '@wiber/system-e2e';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'a lib that apps use imports one of them',
    file: 'libs/kafka/src/sample.service.ts',
    code: "export { sample } from '@wiber/gateway';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'contracts imports kafka',
    file: 'libs/contracts/src/sample.topics.ts',
    code: "export { sample } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'contracts imports resilience, which makes no cycle',
    file: 'libs/contracts/src/sample.topics.ts',
    code: "export { sample } from '@wiber/resilience';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'resilience imports kafka',
    file: 'libs/resilience/src/sample.policy.ts',
    code: "export { sample } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'resilience imports contracts, which makes no cycle',
    file: 'libs/resilience/src/sample.policy.ts',
    code: "export { sample } from '@wiber/contracts';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another adapter',
    file: 'libs/kafka/src/sample.service.ts',
    code: "export { sample } from '@wiber/mongo';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another in its spec',
    file: 'libs/mongo/src/sample.int-spec.ts',
    code: "export { sample } from '@wiber/kafka';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'two libs import each other',
    file: 'libs/observability/src/sample.service.ts',
    code: "export { sample } from '@wiber/host';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'two libs import each other, at run time only',
    file: 'libs/observability/src/sample.service.ts',
    code: "export const sample = import('@wiber/host');",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'an app imports a tool',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '@wiber/stack';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'a tool imports a tool',
    file: 'tools/bench/src/sample.service.ts',
    code: "export { sample } from '@wiber/stack';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'production code imports the harness',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '@wiber/harness';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports the harness outside its specs',
    file: 'libs/kafka/src/sample.service.ts',
    code: "export { sample } from '@wiber/harness';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'a spec of an adapter imports evidence, which is for whole systems',
    file: 'libs/kafka/src/sample.int-spec.ts',
    code: "export { sample } from '@wiber/evidence';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'evidence imports an adapter, which is code under test',
    file: 'libs/evidence/src/sample.reader.ts',
    code: "export { sample } from '@wiber/mongo';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
];
