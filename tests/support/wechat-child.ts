import { RealClock } from '../../bot/clock.ts';
import { WechatRig } from './wechat-rig.ts';

// A process that sends to WeChat and can be killed: folder, address, and what it says: a number of
// texts for each of three users, who have just written.
const [folder, apiBase, count] = process.argv.slice(2);
if (folder === undefined || apiBase === undefined) throw new Error('folder and address');
const rig = await WechatRig.open({ folder, apiBase, clock: new RealClock() });
const users = ['oA', 'oB', 'oC'];
for (const user of users) {
  for (let text = 1; text <= Number(count); text += 1) {
    if (text % 5 === 1) await rig.opened(user);
    await rig.say(user, `${user}-${text}`, text);
  }
}
await rig.wechat.start();
await rig.settle();
console.log('quiet');
setInterval(() => {}, 1000);
