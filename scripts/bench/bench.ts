import { benchChatbot } from './chatbot.ts';
import { benchCommands } from './commands.ts';
import { benchConsole } from './console.ts';
import { benchIm } from './im.ts';
import { benchImbot } from './imbot.ts';
import { benchIsolation } from './isolation.ts';
import { benchOfficial } from './official.ts';
import { benchPictures } from './pictures.ts';
import { benchUploads } from './uploads.ts';

const benches: Record<string, (args: string[]) => Promise<void>> = {
  chatbot: benchChatbot,
  commands: benchCommands,
  console: benchConsole,
  im: benchIm,
  imbot: benchImbot,
  isolation: benchIsolation,
  official: benchOfficial,
  pictures: benchPictures,
  uploads: benchUploads,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`npm run bench -- NAME, where NAME is one of: ${Object.keys(benches)}\n`);
  process.exit(2);
}
await bench(args);
