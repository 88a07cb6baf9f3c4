import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'dlq', rootDir: import.meta.dirname };
