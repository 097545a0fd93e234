import { Problem } from './problem.ts';

/** What may be chosen for a template. All of it comes from the environment; README.md has the table. */
export interface Settings {
  readonly name: string;
  readonly cpuCount: number;
  readonly memoryMB: number;
  readonly nodeImage: string;
  readonly claude: string;
  readonly codex: string;
  readonly packages: readonly string[];
  readonly skipCache: boolean;
  /** Where a complete distribution of the runner is; null: the checkout's, built when it is missing or stale. */
  readonly distribution: string | null;
}

const CLAUDE = '2.1.197';
const CODEX = '0.169.0';

/**
 * Reads the settings.
 *
 * @throws Problem that names every variable that is wrong
 */
export function readSettings(name: string, env: NodeJS.ProcessEnv): Settings {
  const wrong: string[] = [];
  const text = (variable: string, otherwise: string, allowed: RegExp, means: string): string => {
    const value = env[variable]?.trim() || otherwise;
    if (!allowed.test(value)) wrong.push(`${variable}=${value} is not ${means}`);
    return value;
  };
  const number = (variable: string, otherwise: number, min: number, max: number, step: number): number => {
    const value = Number(text(variable, String(otherwise), /^\d+$/, 'a whole number'));
    if (value < min || value > max || value % step !== 0) {
      wrong.push(`${variable}=${value} is not from ${min} to ${max}${step > 1 ? `, divisible by ${step}` : ''}`);
    }
    return value;
  };
  const version = (variable: string, otherwise: string) =>
    text(variable, otherwise, /^[\w.-]+$/, 'a version or tag of npm, e.g. 1.2.3 or latest');

  const settings: Settings = {
    name: text('VIBE_E2B_NAME', name, /^[a-z0-9_-]+(:[a-z0-9_.-]+)?$/, 'a template name, e.g. vibe-runner or vibe-runner:v2'),
    // One agent of 150 to 500 MB, the runner's 90, npm's 70; the rest is for what agents start: compilers, tests, browsers.
    cpuCount: number('VIBE_E2B_CPU', 2, 1, 64, 1),
    memoryMB: number('VIBE_E2B_MEMORY_MB', 2048, 512, 262_144, 2),
    nodeImage: text('VIBE_E2B_NODE', '22-bookworm-slim', /^[\w.-]+$/, 'a tag of the image "node", e.g. 22-bookworm-slim'),
    claude: version('VIBE_E2B_CLAUDE', CLAUDE),
    codex: version('VIBE_E2B_CODEX', CODEX),
    packages: text('VIBE_E2B_PACKAGES', '', /^[a-z0-9.+:\s-]*$/, 'names of Debian packages').split(/\s+/).filter(Boolean),
    skipCache: text('VIBE_E2B_SKIP_CACHE', 'false', /^(true|false)$/, 'true or false') === 'true',
    distribution: env['VIBE_E2B_DISTRIBUTION']?.trim() || null,
  };
  if (wrong.length > 0) throw new Problem(wrong.join('\n'));
  return settings;
}

/** @throws Problem where there is no API key: nothing can be asked of E2B without */
export function requireApiKey(env: NodeJS.ProcessEnv): void {
  if (!env['E2B_API_KEY']?.trim()) {
    throw new Problem('E2B_API_KEY is not set: get a key at https://e2b.dev/dashboard?tab=keys and export it.');
  }
}
