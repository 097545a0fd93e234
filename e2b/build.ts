import { AuthenticationError, Template, type LogEntry } from 'e2b';
import { findDistribution } from './distribution.ts';
import { Problem } from './problem.ts';
import { readSettings, requireApiKey, type Settings } from './settings.ts';
import { vibeRunner } from './template.ts';

/** Builds the template under this name, or the one that VIBE_E2B_NAME says. Ends the process with a code of Problem. */
export async function build(name: string): Promise<void> {
  try {
    const settings = readSettings(name, process.env);
    requireApiKey(process.env);
    const distribution = findDistribution(settings.distribution);
    await request(settings, distribution);
    console.log(howToStart(settings.name));
  } catch (error) {
    const problem = asProblem(error);
    console.error(problem.message.replace(/^/gm, 'e2b: '));
    process.exitCode = problem.exitCode;
  }
}

async function request(settings: Settings, distribution: string): Promise<void> {
  console.log(
    `Template ${settings.name}: ${settings.cpuCount} CPUs, ${settings.memoryMB} MB, node:${settings.nodeImage},` +
      ` Claude Code ${settings.claude}, Codex ${settings.codex}, runner from ${distribution}`,
  );
  const began = Date.now();
  const { templateId, buildId } = await Template.build(vibeRunner(settings, distribution), settings.name, {
    cpuCount: settings.cpuCount,
    memoryMB: settings.memoryMB,
    skipCache: settings.skipCache,
    onBuildLogs: (entry) => console.log(line(began, entry)),
  });
  console.log(`Built: template ${templateId}, build ${buildId}`);
}

function line(began: number, entry: LogEntry): string {
  const level = entry.level === 'info' || entry.level === 'debug' ? '' : `${entry.level}: `;
  return `${((Date.now() - began) / 1000).toFixed(1).padStart(7)}s  ${level}${entry.message.trimEnd()}`;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof AuthenticationError) {
    return new Problem(`E2B refused the key in E2B_API_KEY: ${error.message}`, Problem.REFUSED);
  }
  if (!(error instanceof Error)) return new Problem(String(error), Problem.BUILD);
  const step = /template\.ts:\d+/.exec(error.stack ?? '')?.[0];
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const where = step === undefined ? '' : `\nThe step is in e2b/${step}; the lines above are its log.`;
  return new Problem(`The template was not built: ${error.message}${cause}${where}`, Problem.BUILD);
}

function howToStart(name: string): string {
  return `
Start a sandbox from it:

  import { Sandbox } from 'e2b'
  const sandbox = await Sandbox.create('${name}', { envs: { VIBE_SERVER_URL: '...', VIBE_AUTH_TOKEN: '...' } })
  await sandbox.commands.run('npm start', {
    background: true,
    cwd: '/home/user/app',
    timeoutMs: 0, // else E2B kills npm after 60 s; the runner would go on, unseen
    envs: { VIBE_ENDPOINT_ID: 'e2b-' + sandbox.sandboxId },
  })

docs/operations.md tells the rest.`;
}
