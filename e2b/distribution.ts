import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from './problem.ts';

const ROOT = resolve(import.meta.dirname, '..');
const BUILT = join(ROOT, 'bootstrap/target/vibe-runner');
/** Modules whose sources do not end in the distribution. */
const OTHERS = new Set(['benchmarks', 'e2b', 'examples', 'testkit']);

/** The parts of a distribution, as the template copies them: what changes least comes first, so that most is cached. */
export const PARTS = ['jre', 'lib', 'bin', 'package.json'] as const;

/** Not of the distribution's business in a sandbox: the local server's own libraries. */
export const LEFT_OUT = ['lib/local', 'lib/local/**'];

/**
 * The directory of a complete distribution; builds the checkout's own first where it is missing or older than its sources.
 *
 * @throws Problem that names what is missing
 */
export function findDistribution(given: string | null): string {
  if (given === null && stale()) build();
  // npm changes to e2b/ before it runs a script; a relative path is one from where the user stands.
  const directory = given === null ? BUILT : resolve(process.env['INIT_CWD'] ?? '.', given);
  const missing = findMissing(directory);
  if (missing.length > 0) {
    throw new Problem(
      `${directory} is no complete distribution of the runner, it lacks: ${missing.join(', ')}\n` +
        'Build one with ./mvnw -DskipTests package (it needs a JDK 25), or unset VIBE_E2B_DISTRIBUTION.',
    );
  }
  return directory;
}

function findMissing(directory: string): string[] {
  const missing = ['bin/vibe-runner', 'jre/bin/java', 'jre/lib/modules', 'package.json'].filter(
    (file) => !existsSync(join(directory, file)),
  );
  for (const program of ['bin/vibe-runner', 'jre/bin/java']) {
    if (!missing.includes(program) && !executable(join(directory, program))) missing.push(`x bit of ${program}`);
  }
  const libraries = existsSync(join(directory, 'lib')) ? readdirSync(join(directory, 'lib')) : [];
  if (!libraries.some((name) => /^vibe-runner-bootstrap-.*\.jar$/.test(name))) missing.push('lib/vibe-runner-bootstrap-*.jar');
  if (!libraries.some((name) => name.endsWith('.aot'))) missing.push('lib/vibe-runner-*.aot');
  return missing;
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a source is newer than the ahead-of-time cache, which a build makes last. */
function stale(): boolean {
  if (findMissing(BUILT).length > 0) return true;
  const built = Math.max(
    ...readdirSync(join(BUILT, 'lib'))
      .filter((name) => name.endsWith('.aot'))
      .map((name) => statSync(join(BUILT, 'lib', name)).mtimeMs),
  );
  const modules = readdirSync(ROOT).filter((name) => !OTHERS.has(name) && existsSync(join(ROOT, name, 'pom.xml')));
  const sources = ['pom.xml', ...modules.map((name) => join(name, 'pom.xml'))].map((name) => join(ROOT, name));
  for (const module of modules) {
    const main = join(ROOT, module, 'src/main');
    if (!existsSync(main)) continue;
    for (const entry of readdirSync(main, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) sources.push(join(entry.parentPath, entry.name));
    }
  }
  return sources.some((source) => statSync(source).mtimeMs > built);
}

function build(): void {
  console.log('Building the distribution first; this takes a minute or two.');
  const { status, error } = spawnSync('./mvnw', ['-q', '-B', '-DskipTests', 'package'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    throw new Problem(
      `The distribution could not be built${error ? ` (${error.message})` : ''}: see above. It needs a JDK 25 on this machine` +
        ' (README.md, Troubleshooting).',
      Problem.BUILD,
    );
  }
}
