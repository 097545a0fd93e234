import { Template, type TemplateClass } from 'e2b';
import { LEFT_OUT, PARTS } from './distribution.ts';
import type { Settings } from './settings.ts';

/** What agents expect of a machine: Claude Code and Codex call these, and so do the programs they write. */
const TOOLS = [
  'ca-certificates', 'curl', 'git', 'jq', 'less', 'openssh-client', 'procps', 'python3', 'ripgrep', 'unzip', 'xz-utils',
];

/** Where hosts run `npm start`. */
const APP = '/home/user/app';
const OWNER = { user: 'user' };
const ROOT = { user: 'root' };

/**
 * A sandbox in which a host that runs `npm start` in /home/user/app gets a runner with both agents.
 *
 * There is no start command: it would run once, while the template is built, before any sandbox has its environment.
 */
export function vibeRunner(settings: Settings, distribution: string): TemplateClass {
  const template = Template({ fileContextPath: distribution, fileIgnorePatterns: LEFT_OUT })
    .fromNodeImage(settings.nodeImage)
    // Not aptInstall and npmInstall: what these leave in caches, 400 MB, would stay in every sandbox.
    .runCmd(
      [
        'apt-get update',
        `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${[...TOOLS, ...settings.packages].join(' ')}`,
        'apt-get clean',
        'rm -rf /var/lib/apt/lists/*',
      ],
      ROOT,
    )
    .runCmd(
      [
        `npm install -g @anthropic-ai/claude-code@${settings.claude} @openai/codex@${settings.codex}`,
        'rm -rf /root/.npm',
      ],
      ROOT,
    )
    // Else each npm start asks the registry for a newer npm.
    .runCmd('npm config set --location=global update-notifier=false', ROOT)
    // On a Node that is too old npm installs an older Claude Code and says nothing: better no template than that one.
    .runCmd(['node --version', 'claude --version', 'codex --version'], OWNER)
    // Directories that a copy makes are root's; these are to be the user's.
    .makeDir([APP, ...PARTS.filter((part) => part !== 'package.json').map((part) => `${APP}/${part}`)], OWNER);
  for (const part of PARTS) {
    template.copy(part, `${APP}/${part}`, OWNER);
  }
  return template.runCmd(`${APP}/bin/vibe-runner --version`, OWNER).setUser('user').setWorkdir('/home/user');
}
