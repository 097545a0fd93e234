// What E2B's envd does with a command of the SDK, as far as the command can tell: a login shell on three pipes. When the
// command's deadline is over, that process alone gets SIGKILL, and the pipes are closed. SIGUSR2 stands for the deadline.
//   node envd.mjs FILE COMMAND         what it prints goes to FILE, and at its end a line [exit CODE-OR-SIGNAL]
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';

const [file, command] = process.argv.slice(2);
const log = openSync(file, 'a');
const child = spawn('/bin/bash', ['-l', '-c', command], { stdio: 'pipe' });
for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (bytes) => writeSync(log, bytes));
child.on('exit', (code, signal) => writeSync(log, `[exit ${signal ?? code}]\n`));
process.on('SIGUSR2', () => {
  child.kill('SIGKILL');
  process.exit(0);
});
