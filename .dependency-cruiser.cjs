// Who may import whom. The reasons are in CONTRIBUTING.md; each rule is proven by a planted violation in
// test/boundaries/. In `to`, `$1` is what the first group of `from` matched.

const TESTS = '(^(test|bench)/|\\.(test|testing|fixture)\\.ts$)';
const NODE_IO =
  '^(node:)?(fs|net|tls|dns|dgram|http|http2|https|child_process|cluster|os|process|readline|timers|tty|worker_threads)(/|$)';
const IO_PACKAGES = 'node_modules/(ioredis|bullmq|fastify|@fastify|pino|execa|commander|@clack)/';
const TERMINAL_PACKAGES = 'node_modules/(commander|@clack|cli-table3|picocolors)/';

// All of them pure, in every file. Of libs/events it is what `#events` leads to; `#events/redis` is the other part.
const PURE = '^libs/(context|contracts|domain|replay|specification)/';
const IMPURE_LIBS = '^libs/(?!(context|contracts|domain|events|replay|specification)/)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one file, or have a third between them. What is loaded lazily may know the type that it implements.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every-import-resolves',
      comment: 'A path that leads nowhere would hide its target from all other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'across-folders-by-subpath',
      comment: 'A relative path stays inside its folder; another folder is imported by its `#name`, its front door.',
      severity: 'error',
      from: { path: '^(libs/[^/]+|services/agents/[^/]+|services/[^/]+|cli|bin|scripts|test|bench)/' },
      to: { path: '^(libs|services)/', pathNot: '^$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'Everybody reads contracts; they read nobody.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs|services|cli)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'events-know-only-contracts',
      comment: 'The log knows no queue, no agent, no HTTP.',
      severity: 'error',
      from: { path: '^libs/events/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: '^libs/(events|contracts)/' },
    },
    {
      name: 'pure-core',
      comment: 'Decisions are functions of their arguments: no file, socket, process, timer or client of a server.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: [NODE_IO, IO_PACKAGES] },
    },
    {
      name: 'pure-core-imports-pure',
      comment: 'What the pure core imports of ours is pure too.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: [IMPURE_LIBS, '^libs/events/redis\\.ts$'] },
    },
    {
      name: 'events-entry-is-pure',
      comment:
        'Whoever imports `#events` gets schemas, types and the memory log, and by no detour a client of a server.',
      severity: 'error',
      from: { path: '^libs/events/index\\.ts$' },
      to: { path: [NODE_IO, IO_PACKAGES, IMPURE_LIBS], reachable: true },
    },
    {
      name: 'plumbing-knows-no-orchestration',
      comment:
        'Queues, presence, git, runtime, the sandbox and the embedded Redis would serve any other program as well.',
      severity: 'error',
      from: { path: '^libs/(embedded-redis|presence|queues|repository|runtime|sandbox)/', pathNot: TESTS },
      to: { path: '^libs/(client|domain|events|orchestrations|replay|views)/' },
    },
    {
      name: 'backlog-stands-apart',
      comment: 'A backlog knows what a run did from its facts: it neither appends to an orchestration nor enqueues.',
      severity: 'error',
      from: { path: '^libs/backlog/', pathNot: TESTS },
      to: { path: '^libs/(client|orchestrations|queues|views)/' },
    },
    {
      name: 'money-only-counts',
      comment: 'What is spent and what is left is counted from facts: nothing is appended or enqueued for it here.',
      severity: 'error',
      from: { path: '^libs/money/', pathNot: TESTS },
      to: { path: '^libs/(client|orchestrations|queues|views)/' },
    },
    {
      name: 'views-only-read',
      comment: 'A view is made from the log and can be dropped: it never decides, appends or enqueues.',
      severity: 'error',
      from: { path: '^libs/views/', pathNot: TESTS },
      to: { path: '^libs/(client|orchestrations|queues|replay|repository)/' },
    },
    {
      name: 'libs-know-no-service',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-are-strangers',
      comment: 'Services meet in the log. Only the host puts them side by side.',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: '^services/host/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'roles-are-strangers',
      severity: 'error',
      from: { path: '^services/agents/(architect|builder|planner)/' },
      to: { path: '^services/agents/(architect|builder|planner)/', pathNot: '^services/agents/$1/' },
    },
    {
      name: 'roles-are-on-top',
      comment: 'What all roles use (engines, workspace, checks) knows none of them.',
      severity: 'error',
      from: { path: '^services/agents/(?!(architect|builder|planner)/)[^/]+/' },
      to: { path: '^services/agents/(architect|builder|planner)/' },
    },
    {
      name: 'state-only-projects',
      comment: 'The projector reads the log and writes views: it neither appends to an orchestration nor enqueues.',
      severity: 'error',
      from: { path: '^services/state/', pathNot: TESTS },
      to: { path: ['^libs/(orchestrations|queues)/', 'node_modules/bullmq/'] },
    },
    {
      name: 'gateway-only-serves',
      comment: 'HTTP calls the client; rules, appends and jobs are elsewhere.',
      severity: 'error',
      from: { path: '^services/gateway/', pathNot: TESTS },
      to: { path: '^libs/(domain|orchestrations|queues|embedded-redis)/' },
    },
    {
      name: 'cli-calls-the-client',
      comment: 'A command parses, makes one call, renders one document.',
      severity: 'error',
      from: { path: '^(cli|bin)/', pathNot: TESTS },
      to: {
        path: '^(libs|services)/',
        pathNot: '^(libs/(client|contracts|events|replay|repository|runtime|sandbox)|services/(host|agents/engines))/',
      },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { path: '^(libs|services)/' },
      to: { path: '^(cli|bin)/' },
    },
    {
      name: 'terminal-only-in-cli',
      comment: 'Libraries and services neither print nor parse arguments.',
      severity: 'error',
      from: { path: '^(libs|services)/' },
      to: { path: TERMINAL_PACKAGES },
    },
    {
      name: 'fastify-only-in-gateway',
      severity: 'error',
      from: { pathNot: ['^services/gateway/', TESTS] },
      to: { path: 'node_modules/(fastify|@fastify)/' },
    },
    {
      name: 'bullmq-only-where-jobs-are',
      severity: 'error',
      from: { pathNot: ['^libs/queues/', '^services/(agents|router)/', TESTS] },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'models-only-in-their-engine',
      comment: 'Providers of models are called from one folder: their limits, faults and costs are handled there.',
      severity: 'error',
      from: { pathNot: ['^services/agents/engines/model/', TESTS] },
      to: { path: 'node_modules/(ai|@ai-sdk)/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Product code has no business with tests, benchmarks, examples, recipes or test doubles.',
      severity: 'error',
      from: { path: '^(libs|services|cli|bin)/', pathNot: TESTS },
      to: {
        path: [
          '^(test|bench|scripts|docs|examples|recipes|plugin)/',
          '\\.(test|testing|fixture)\\.ts$',
          '^libs/[^/]+/testing(\\.ts$|/)',
        ],
      },
    },
    {
      name: 'product-needs-no-dev-dependency',
      comment: 'What a user installs has only `dependencies`.',
      severity: 'error',
      from: { path: '^(libs|services|cli|bin)/', pathNot: [TESTS, '^libs/[^/]+/testing(\\.ts$|/)'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count: a type is knowledge too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
