// Native ES modules (hence --experimental-vm-modules); swc only strips the types.
export default {
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/launcher', '<rootDir>/demo', '<rootDir>/tests'],
  testMatch: ['**/src/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, sourceMaps: 'inline' }] },
  moduleNameMapper: {
    '^@holdfast/shared/(.*)$': '<rootDir>/libs/shared/src/$1.ts',
    '^@holdfast/launcher/(.*)$': '<rootDir>/launcher/src/$1.ts',
  },
  testTimeout: 60_000,
};
