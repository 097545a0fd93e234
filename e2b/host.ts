/** The calls of a host, as docs/operations.md shows them. Nothing runs this: the compiler holds it to the SDK, a test holds the page to it. */
import { Sandbox } from 'e2b';

declare const VIBE_SERVER_URL: string;
declare const VIBE_AUTH_TOKEN: string;
declare const ANTHROPIC_API_KEY: string;
declare const envs: Record<string, string>;

const sandbox = await Sandbox.create('vibe-runner', {
  envs: { VIBE_SERVER_URL, VIBE_AUTH_TOKEN, MAX_CONCURRENT_SESSIONS: '1', ANTHROPIC_API_KEY },
  timeoutMs: 60 * 60 * 1000,                        // the sandbox's life; E2B's default is 5 minutes
})
await sandbox.commands.run('npm start', {
  background: true,
  cwd: '/home/user/app',
  timeoutMs: 0,                                     // the command's life; E2B's default is 60 seconds
  envs: { NODE_ENV: 'production', VIBE_ENDPOINT_ID: `e2b-${sandbox.sandboxId}` },
})

await sandbox.pause()
await sandbox.connect()                             // resumes it; Sandbox.connect(id) where only the id is known

await Sandbox.create('vibe-runner', { envs, lifecycle: { onTimeout: 'pause' } })
