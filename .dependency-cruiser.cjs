/** Which part may know of which. @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'services-apart',
      comment: 'Services know of each other only what libs/shared/src/contracts says.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'shared-knows-no-service',
      severity: 'error',
      from: { path: '^libs/' },
      to: {
        path: '^(services|gateway|provision|launcher|demo|tests|simulation|chaos|bench|cli|client|ops-client|console|site)/',
      },
    },
    {
      name: 'services-know-no-launcher',
      comment: 'Each service starts alone.',
      severity: 'error',
      from: { path: '^services/' },
      to: {
        path: '^(gateway|provision|launcher|demo|tests|simulation|chaos|bench|cli|client|ops-client|console|site)/',
      },
    },
    {
      name: 'client-knows-the-document',
      comment:
        'What runs at a buyer knows nothing of the services; what writes the document describes their routes.',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/generate/' },
      to: { path: '^(services|gateway|provision|libs|launcher|client/src/generate)/' },
    },
    {
      name: 'site-is-a-client',
      comment: "The buyer's page knows the public API, by its client.",
      severity: 'error',
      from: { path: '^site/' },
      to: { path: '^(services|gateway|provision|libs|launcher|client/src/generate)/' },
    },
    {
      name: 'demo-is-a-client',
      comment: 'The demo uses the public API, as any gateway client would.',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^(services|gateway|provision|libs|launcher|tests|simulation|chaos|bench)/' },
    },
    {
      name: 'console-knows-the-shapes',
      comment:
        "The console is a client: of the services it takes the types of the operators' API and nothing that runs.",
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^(services|gateway|provision|libs|launcher|demo|tests|simulation|chaos)/',
        pathNot: '^services/orchestrator/src/ops/[a-z-]+/shapes\\.ts$',
      },
    },
    {
      name: 'engine-is-pure',
      comment: 'The transition is shared with the simulator and the property tests: no I/O, no concerts.',
      severity: 'error',
      from: { path: '^services/orchestrator/src/engine/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: '^(services/orchestrator/src/engine/|libs/shared/src/contracts/|.*node_modules/typebox/)',
      },
    },
    {
      name: 'decisions-are-pure',
      comment: "A participant's decision for a command does no I/O: its rows are loaded and saved around it.",
      severity: 'error',
      from: { path: '^services/[^/]+/src/commands/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '(node_modules/(knex|pg|kafkajs|ioredis)/|libs/shared/src/(database|messaging|http)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'kafkajs-behind-one-door',
      comment: 'It has no maintainer: another client has to be able to take its place.',
      severity: 'error',
      from: {
        pathNot:
          '^libs/shared/src/(messaging|testing)/|^launcher/src/infrastructure/|\\.test\\.ts$|^(tests|chaos|examples)/',
      },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'operators-tools-are-clients',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(services|gateway|provision|libs|launcher)/' },
    },
    {
      name: 'ops-client-knows-only-shapes',
      comment: "The types of what the operators' API takes and gives, and nothing else of the services.",
      severity: 'error',
      from: { path: '^ops-client/' },
      to: {
        path: '^(services|gateway|provision|libs|launcher)/',
        pathNot: '^services/orchestrator/src/ops/[^/]+/shapes\\.ts$',
      },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'What is published is for strangers: nothing of ours comes along but what makes it.',
      severity: 'error',
      from: { path: '^contracts/src/', pathNot: '^contracts/src/publish/|\\.test\\.ts$' },
      to: { pathNot: '^contracts/src/(?!publish/)|node_modules/typebox/' },
    },
    {
      name: 'examples-are-of-strangers',
      comment: 'They know what anybody can install, and nothing else of this repository.',
      severity: 'error',
      from: { path: '^examples/' },
      to: {
        path: '^(libs|services|gateway|provision|launcher|demo|tests|simulation|chaos|bench|cli|client|ops-client|console|site)/|^contracts/src/(?!index\\.ts$)',
      },
    },
    { name: 'no-unknown', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['holdfast-source', 'import', 'types', 'default'],
    },
  },
};
