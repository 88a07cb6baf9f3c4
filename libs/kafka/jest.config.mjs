import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'kafka', rootDir: import.meta.dirname };
