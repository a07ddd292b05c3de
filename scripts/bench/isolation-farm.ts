import { log } from 'wechaty-puppet';
import { ServedPuppet } from '../../tests/support/puppet-farm.ts';
import { SimPuppet } from '../../tests/support/sim-puppet.ts';

/** What the benchmark asks of the farm; each is answered with its `id`. */
export type FarmRequest =
  | { id: number; ask: 'trouble'; on: boolean }
  /** Times (epoch ms) at which texts with this beginning were seen. */
  | { id: number; ask: 'seen'; prefix: string };

/** Puppet servers with one room each; puppet 0 can hang, puppet 1 can lose its stream each second. */
class TimedPuppet extends SimPuppet {
  readonly times = new Map<string, number>();
  hanging = false;

  override async messageSendText(
    conversationId: string,
    text: string,
    mentionIds?: string[],
    // The base class promises nothing, real puppets answer an id.
    // biome-ignore lint/suspicious/noExplicitAny: as in the library's own declaration
  ): Promise<any> {
    if (this.hanging) return new Promise(() => {});
    if (!this.times.has(text)) this.times.set(text, Date.now());
    return super.messageSendText(conversationId, text, mentionIds);
  }
}

process.setMaxListeners(0);
log.level('silent');
const count = Number(process.argv[2] ?? 50);
const served: ServedPuppet[] = [];
const puppets: TimedPuppet[] = [];
for (let index = 0; index < count; index += 1) {
  const puppet = new TimedPuppet({ account: { id: `wxid_bench${index}`, name: `bench ${index}` } });
  puppet.keepLogin();
  puppet.addRoom('bench', ['a', 'b']);
  const one = new ServedPuppet(puppet);
  await one.up();
  served.push(one);
  puppets.push(puppet);
}

let trouble = false;
setInterval(() => {
  const flapping = served[1];
  if (!trouble || flapping === undefined) return;
  flapping
    .down()
    .then(() => flapping.up())
    .catch(() => {});
}, 1000);

process.on('message', (request: FarmRequest) => {
  if (request.ask === 'trouble') {
    trouble = request.on;
    const [first] = puppets;
    if (first !== undefined) first.hanging = request.on;
    process.send?.({ id: request.id });
    return;
  }
  const seen: Record<string, number> = {};
  for (const puppet of puppets) {
    for (const [text, at] of puppet.times) if (text.startsWith(request.prefix)) seen[text] = at;
  }
  process.send?.({ id: request.id, seen });
});
process.once('disconnect', () => process.exit(0));
process.send?.({ places: served.map(({ port, token }) => ({ port, token })) });
