import type { Violation } from './lint.case.ts';

const packageOfKafka = (...libs: string[]): string =>
  JSON.stringify({ name: '@wiber/kafka', dependencies: Object.fromEntries(libs.map((lib) => [`@wiber/${lib}`, '*'])) });

/** Violations of: package.json lists exactly the projects that the production code imports. Nx makes its edges of both. */
export const EDGE: readonly Violation[] = [
  {
    what: 'a package.json lists a lib that the code does not import',
    file: 'libs/kafka/package.json',
    code: packageOfKafka('contracts', 'resilience', 'observability'),
    refusedBy: '@nx/dependency-checks obsoleteDependency',
  },
  {
    what: 'a package.json lists a lib that only specs import',
    file: 'libs/kafka/package.json',
    code: packageOfKafka('contracts', 'resilience', 'harness'),
    refusedBy: '@nx/dependency-checks obsoleteDependency',
  },
  {
    what: 'a package.json does not list a lib that the code imports',
    file: 'libs/kafka/package.json',
    code: packageOfKafka('contracts'),
    refusedBy: '@nx/dependency-checks missingDependency',
  },
  {
    what: 'a package.json has no dependencies though the code imports a lib',
    file: 'libs/kafka/package.json',
    code: JSON.stringify({ name: '@wiber/kafka' }),
    refusedBy: '@nx/dependency-checks missingDependencySection',
  },
];
