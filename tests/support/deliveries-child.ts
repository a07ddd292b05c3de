import { createEventRig, sendStatus } from './event-rig.ts';

// A process that delivers events and can be killed: folder, address of the receiver, and how many
// events it records before it starts to deliver.
const [folder, callbackUrl, count] = process.argv.slice(2);
if (folder === undefined || callbackUrl === undefined) throw new Error('folder and address');
const rig = await createEventRig({ folder, channels: [{ chid: 'demo', callbackUrl }] });
for (let msgid = 1; msgid <= Number(count); msgid += 1) {
  await rig.record(sendStatus(msgid, `bot0${msgid % 3}`));
}
await rig.deliveries.start();
await rig.deliveries.quiet();
console.log('quiet');
setInterval(() => {}, 1000);
