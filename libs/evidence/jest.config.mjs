import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'evidence', rootDir: import.meta.dirname };
