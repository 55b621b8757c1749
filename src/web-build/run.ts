/** `npm run build`: builds the web if its sources have changed; `npm start` does the same. */
import { buildWeb } from './build.ts';

await buildWeb((line) => process.stderr.write(`${line}\n`));
