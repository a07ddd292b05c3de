/** The page of a shared QR code: as little as a phone's browser needs. It loads nothing else. */
export const sharePage = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>微信登录 · WeChat login</title>
    <link rel="stylesheet" href="/qr/share.css">
    <script src="/qr/share.js" defer></script>
  </head>
  <body>
    <main>
      <h1 id="name">微信登录</h1>
      <div id="code" hidden></div>
      <p id="says" role="status">此链接只能打开一次。<br>This link opens once.</p>
      <p id="left"></p>
      <button id="open" type="button">显示二维码 · Show the QR code</button>
    </main>
  </body>
</html>
`;

export const shareStyle = `:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif;
  background: light-dark(#f4f6f5, #0e1312); color: light-dark(#16211d, #e3eae7); }
main { display: grid; justify-items: center; align-content: center; gap: 16px; min-height: 100dvh;
  padding: 24px; box-sizing: border-box; text-align: center; }
h1 { margin: 0; font-size: 20px; overflow-wrap: anywhere; }
p { margin: 0; }
#left { font-size: 14px; opacity: 0.75; font-variant-numeric: tabular-nums; }
#left:empty { display: none; }
#code { padding: 8px; border-radius: 12px; background: #fff; }
#code img { display: block; width: min(300px, 76vw); height: auto; }
#code.scanned img { opacity: 0.1; }
button { min-height: 44px; padding: 0 20px; border: 0; border-radius: 8px; font: inherit;
  background: light-dark(#0a6b5c, #63cdb8); color: light-dark(#fff, #06241e); }
`;

export const shareScript = `const at = (id) => document.getElementById(id);
const says = {
  waiting: '请用微信扫一扫 · Scan with WeChat',
  scanned: '已扫码，请在手机上确认 · Scanned, now confirm on the phone',
  renewing: '正在获取新的二维码… · A new code is on its way…',
  done: '登录成功，可以关闭此页面 · Logged in, this page can be closed',
  over: '链接已失效 · This link is not valid any more',
};
function leftOf({ left, says }) {
  if (left === undefined) return '';
  const seconds = Math.ceil(left / 1000);
  const time = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
  return says === 'scanned' ? '请在 ' + time + ' 内确认 · Confirm within ' + time : time + ' 后失效 · Valid for ' + time;
}
function show(state) {
  if (state.name) at('name').textContent = state.name;
  at('says').textContent = says[state.says];
  // Asked for each second anyway: the phone's own clock is not needed.
  at('left').textContent = leftOf(state);
  const code = at('code');
  code.hidden = !state.picture;
  code.className = state.says;
  if (!state.picture) code.replaceChildren();
  else if (code.dataset.picture !== state.picture) {
    const picture = new Image(360, 360);
    picture.alt = says.waiting;
    picture.src = state.picture;
    code.replaceChildren(picture);
  }
  code.dataset.picture = state.picture || '';
}
async function ask(method, path) {
  const response = await fetch(path, { method, cache: 'no-store' });
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Error(String(response.status));
  return { says: 'over' };
}
async function look() {
  const state = await ask('GET', location.pathname + '/state').catch(() => undefined);
  if (state) show(state);
  if (!state || (state.says !== 'over' && state.says !== 'done')) setTimeout(look, 1000);
}
at('open').addEventListener('click', async () => {
  at('open').disabled = true;
  try {
    show(await ask('POST', location.pathname));
    at('open').remove();
    look();
  } catch {
    at('open').disabled = false;
  }
});
`;
