import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'host', rootDir: import.meta.dirname };
