import reactHooks from 'eslint-plugin-react-hooks';

/** What a page has and Node has not. */
const BROWSER = Object.fromEntries(['window', 'document', 'HTMLElement'].map((name) => [name, 'readonly']));

/** What lint asks of the web page beside what it asks of every file. */
export const PAGE = [
  {
    files: ['apps/console/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { globals: BROWSER },
    rules: {
      // A hook in the wrong place breaks the page only for some states. React's own set has warnings; here each is an error.
      ...Object.fromEntries(Object.keys(reactHooks.configs.flat.recommended.rules).map((rule) => [rule, 'error'])),
      'wiber/one-use-case': [
        'error',
        { shared: ['api', 'charts', 'frame', 'messages', 'operator', 'state', 'stream', 'styles'] },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@wiber/*'],
              allowTypeImports: true,
              message: 'The page takes only types from a lib: code of a lib brings Nest and Node into the page.',
            },
            { group: ['node:*'], message: 'A browser has no modules of Node.' },
          ],
        },
      ],
    },
  },
  {
    // A spec of the page runs in Node. It may compare what the page says with what the libs say.
    files: ['apps/console/**/*.spec.ts'],
    rules: { 'react-hooks/rules-of-hooks': 'off', '@typescript-eslint/no-restricted-imports': 'off' },
  },
];
