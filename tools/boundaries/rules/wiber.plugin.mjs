import { basename, dirname, join, matchesGlob, relative } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../../..');

/** Calls `check` for each way to name a module. A rule that knows only `import … from` misses the other ways. */
function onEveryImport(check) {
  const source = (node) => node.source && check(node.source, node.source.value);
  return {
    ImportDeclaration: source,
    ExportNamedDeclaration: source,
    ExportAllDeclaration: source,
    ImportExpression: source,
    TSImportType: source,
    TSExternalModuleReference: (node) => check(node.expression, node.expression.value),
    "CallExpression[callee.name='require']": (node) =>
      node.arguments[0] && check(node.arguments[0], node.arguments[0].value),
    "CallExpression[callee.object.name='require'][callee.property.name='resolve']": (node) =>
      node.arguments[0] && check(node.arguments[0], node.arguments[0].value),
  };
}

const names = (specifier, module) =>
  specifier === module || specifier.startsWith(`${module}/`) || matchesGlob(specifier, module);

/** Only the homes of a module may import it. Options: `[{ modules, homes, reason }]`; homes are globs from the workspace's root. */
const oneHome = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['modules', 'homes', 'reason'],
          properties: {
            modules: { type: 'array', items: { type: 'string' } },
            homes: { type: 'array', items: { type: 'string' } },
            reason: { type: 'string' },
          },
        },
      },
    ],
    messages: { elsewhere: 'this file must not import {{specifier}}: {{reason}}' },
  },
  create(context) {
    const file = relative(WORKSPACE, context.filename);
    const forbidden = context.options[0].filter(({ homes }) => !homes.some((home) => matchesGlob(file, home)));
    return onEveryImport((node, specifier) => {
      if (typeof specifier !== 'string') return;
      const refusal = forbidden.find(({ modules }) => modules.some((module) => names(specifier, module)));
      if (refusal) context.report({ node, messageId: 'elsewhere', data: { specifier, reason: refusal.reason } });
    });
  },
};

const USE_CASE_FILE = /^apps\/[^/]+\/src\/([^/]+)\//;

/**
 * Each folder of an app is one use case, and use cases do not import each other. Options: `{ shared }`, the folders that every
 * use case may import; these import no use case.
 */
const oneUseCase = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        required: ['shared'],
        properties: { shared: { type: 'array', items: { type: 'string' } } },
      },
    ],
    messages: {
      other:
        '{{specifier}} is in {{folder}}/, another use case of this app. What two use cases need goes to a shared folder, or to a file beside app.module.ts.',
    },
  },
  create(context) {
    const file = relative(WORKSPACE, context.filename);
    const own = USE_CASE_FILE.exec(file)?.[1];
    if (own === undefined) return {};
    const { shared } = context.options[0];
    return onEveryImport((node, specifier) => {
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const folder = USE_CASE_FILE.exec(join(dirname(file), specifier))?.[1];
      if (folder === undefined || folder === own || shared.includes(folder)) return;
      context.report({ node, messageId: 'other', data: { specifier, folder } });
    });
  },
};

const KEBAB_WITH_ROLES = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|tsx|mts|mjs|js)$/;
const SAYS_NOTHING = new Set([
  'common',
  'core',
  'util',
  'utils',
  'shared',
  'helper',
  'helpers',
  'misc',
  'lib',
  'types',
]);
const ROLE_OF_DECORATOR = { Controller: 'controller', Module: 'module', Catch: 'filter', Schema: 'schema' };

/** Files are named `noun.role.ts`, so that the list of files shows what the program does. */
const fileName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kebab: '{{name}}: name the file noun.role.ts in kebab-case, so that its name shows its content.',
      empty: '{{name}}: "{{word}}" says nothing about the content; name the file after its one subject.',
      role: '{{name}}: a class with @{{decorator}} belongs in a *.{{role}}.ts file, so that readers find it by its name.',
    },
  },
  create(context) {
    const name = basename(context.filename);
    const path = relative(WORKSPACE, context.filename);
    const words = path
      .split('/')
      .slice(1)
      .flatMap((part) => part.split('.').slice(0, part === name ? -1 : undefined));
    const report = (node, messageId, data) => context.report({ node, messageId, data: { name, ...data } });
    const isSpec = name.endsWith('spec.ts');
    return {
      Program(node) {
        if (!KEBAB_WITH_ROLES.test(name)) report(node, 'kebab');
        const word = words.find((part) => SAYS_NOTHING.has(part));
        if (word) report(node, 'empty', { word });
      },
      'ClassDeclaration > Decorator > CallExpression[callee.type="Identifier"]'(node) {
        const decorator = node.callee.name;
        const role = ROLE_OF_DECORATOR[decorator];
        if (role && !isSpec && !name.includes(`.${role}.`)) report(node, 'role', { decorator, role });
      },
    };
  },
};

export const wiber = {
  meta: { name: 'wiber' },
  rules: { 'one-home': oneHome, 'one-use-case': oneUseCase, 'file-name': fileName },
};
