import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'docs', rootDir: import.meta.dirname };
