import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'system-e2e', rootDir: import.meta.dirname };
