import { build } from './build.ts';

await build('vibe-runner');
