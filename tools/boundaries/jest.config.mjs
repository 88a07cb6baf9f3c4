import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'boundaries', rootDir: import.meta.dirname };
