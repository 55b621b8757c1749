/**
 * The arrows between rooms (design: rooms import only to the left, through index.ts). `test/style/arrows.ts` runs these rules,
 * counts the modules seen and plants one violation per rule, because a cruise that saw nothing also finds nothing.
 */
/** Left to right; a folder below src that is named nowhere here is a violation of its own (arrows.ts). */
const rooms = [
  'parties',
  'policies',
  'projects',
  'tenders',
  'witness',
  'openings',
  'experts',
  'evaluations',
  'awards',
  'bundles',
  'gazette',
  'desk',
];
const anyOf = (names) => `(${names.join('|')})`;

const backward = rooms.slice(0, -1).map((room, i) => ({
  name: `arrow-${room}`,
  comment: `${room} stands left of ${rooms.slice(i + 1).join(', ')}: pull facts from the left, never from the right`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/${anyOf(rooms.slice(i + 1))}/` },
}));

/** `from` may import these folders of src (and itself), nothing else of this repository. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|evaluation|bank-adapters|migrations|test)/', pathNot: [from, ...allowed] },
});

module.exports = {
  rooms,
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { couldNotResolve: true },
    },
    only('leaf-evaluation', '^evaluation/', [], 'evaluation is exact and pure: it imports nothing of src'),
    only('leaf-formats', '^src/formats/', ['^evaluation/'], 'formats outlive the server'),
    only('leaf-sealing', '^src/sealing/', ['^src/formats/'], 'sealing runs in browsers'),
    only('platform-knows-no-domain', '^src/platform/', ['^src/formats/', '^src/sealing/'], 'platform knows no domain'),
    only('journal-knows-no-room', '^src/journal/', ['^src/formats/', '^src/platform/'], 'journal knows no room'),
    only(
      'verify-stands-alone',
      '^src/verify/',
      ['^src/formats/', '^src/sealing/', '^evaluation/', '^src/[^/]+/rules\\.ts$', '^src/[^/]+/rules/'],
      'the verifier shares formats and rules with the server, never a service',
    ),
    only(
      'web-over-http',
      '^src/web/',
      ['^src/formats/', '^src/sealing/', '^src/verify/', '^evaluation/'],
      'the web speaks to the server over HTTP; what runs in both worlds is formats, sealing and the verifier',
    ),
    ...backward,
    {
      name: 'through-index',
      comment: 'what a room offers stands in its index.ts',
      severity: 'error',
      from: { path: `^src/${anyOf(rooms)}/` },
      to: { path: `^src/${anyOf(rooms)}/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'server-through-index',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: `^src/${anyOf(rooms)}/`, pathNot: ['^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'last-ones',
      comment: 'nothing of src imports the command line, the wiring, the web, the verifier or a test',
      severity: 'error',
      from: {
        path: '^(src|evaluation|migrations)/',
        pathNot: '^src/(cli|verify|witness-node|web|web-build)/|^src/[^/]+\\.ts$',
      },
      to: { path: '^src/(cli|verify|witness-node|web|web-build)/|^src/[^/]+\\.ts$|^test/' },
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      from: { path: '^(src|evaluation|migrations)/' },
      to: { path: '^test/' },
    },
    {
      name: 'browser-safe',
      comment:
        'formats, sealing, evaluation, the verifier and the web run in a browser; only verify/node-*.ts touches the files',
      severity: 'error',
      from: { path: '^(src/(formats|sealing|verify|web)|evaluation)/', pathNot: '^src/verify/node-[^/]+\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-database',
      comment:
        'the ORM is opened in platform/database.ts alone, so that nothing writes past the one door; the demo looks whether a database is real before it is opened',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/(database|pool)\\.ts$|^src/cli/demo/folder\\.ts$' },
      to: { path: 'node_modules/(@mikro-orm|@electric-sql|pg)/' },
    },
    {
      name: 'one-http',
      comment: 'koa is known to platform/http alone: a room gives route values',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/http/' },
      to: { path: 'node_modules/(koa|@koa|koa-[a-z]+|ws)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
