// Native ES modules (hence --experimental-vm-modules); swc only strips the types.
export default {
  rootDir: '.',
  roots: [
    'libs',
    'contracts',
    'examples',
    'services',
    'launcher',
    'demo',
    'tests',
    'simulation',
    'chaos',
    'cli',
    'client',
    'console',
    'bench',
  ].map((name) => `<rootDir>/${name}`),
  testMatch: ['**/src/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, sourceMaps: 'inline' }] },
  moduleNameMapper: {
    '^@holdfast/shared/(.*)$': '<rootDir>/libs/shared/src/$1.ts',
    '^@holdfast/(orchestrator|reservation|payment|balance|token)/(.*)$': '<rootDir>/services/$1/src/$2.ts',
    '^@holdfast/client/(.*)$': '<rootDir>/client/src/$1.ts',
    '^@holdfast/contracts$': '<rootDir>/contracts/src/index.ts',
    '^@holdfast/ops-client/(.*)$': '<rootDir>/ops-client/src/$1.ts',
    '^@holdfast/launcher/(.*)$': '<rootDir>/launcher/src/$1.ts',
  },
  // Most tests wait for a system of their own to do something: one for each core, though Jest would leave one free.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
