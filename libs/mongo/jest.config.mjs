import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'mongo', rootDir: import.meta.dirname };
